"""Sources and texts whose pictures can all be printed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from service.book.from_picture import useless
from service.book.model import Block, Photo
from service.book.sound_picture import is_sound
from service.book.theme import Theme
from service.manuals.rules import ManualSource, SourcePicture


def printable(source: ManualSource, theme: Theme, fonts: Path) -> ManualSource:
    """The source with pictures that cannot be printed left without bytes: a frame stands for them, and the manual is built all the same."""
    if all(each.missing or is_sound(each.data, theme, fonts) for each in source.pictures):
        return source
    pictures = (
        each if each.missing or is_sound(each.data, theme, fonts) else SourcePicture(each.source, missing=False) for each in source.pictures
    )
    return replace(source, pictures=tuple(pictures))


def printable_blocks(blocks: Iterable[Block], theme: Theme, fonts: Path) -> tuple[Block, ...]:
    """The same of a text that is set already: a frame in the place of such a picture."""
    return tuple(useless(each) if isinstance(each, Photo) and not is_sound(each.data, theme, fonts) else each for each in blocks)
