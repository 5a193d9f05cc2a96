"""Pictures in a text: how a source names an uploaded file, where they stand, and the numbers their captions bear when printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from service.text.model import Block, Picture, Procedure, Section

_SOURCE = re.compile(r"picture:([0-9a-f]{64})")
_NUMBERED = re.compile(r"\A图\s*\d+([-.]\d+)*(?=[\s：:、.．\u4e00-\u9fff]|\Z)[\s：:、.．]*")


def picture_source(sha256: str) -> str:
    """How a text names the uploaded file with this SHA-256."""
    return f"picture:{sha256}"


def picture_sha256(source: str) -> str:
    """The SHA-256 of the uploaded file that a source names; "" for a source of another kind (images/a.png, https://…)."""
    found = _SOURCE.fullmatch(source)
    return found[1] if found else ""


def placed_pictures(procedure: Procedure) -> Iterator[tuple[Section | None, Picture]]:
    """(section or None for the preamble, picture) of a whole text. They stand between paragraphs: parsing refuses them in lists and tables."""
    yield from ((None, block) for block in procedure.preamble if isinstance(block, Picture))
    for section in procedure.sections:
        yield from ((section, block) for block in section.blocks if isinstance(block, Picture))


def numbered_pictures(procedure: Procedure) -> Procedure:
    """The text with 图 1, 图 2 … before the title of each picture that has one; a number that somebody typed there gives way.

    A picture without a title (a seal, a signature) gets no number and is printed without a caption.
    """
    numbers = count(1)

    def numbered(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(_titled(block, next(numbers)) if isinstance(block, Picture) and block.alt else block for block in blocks)

    preamble = numbered(procedure.preamble)
    return replace(procedure, preamble=preamble, sections=tuple(replace(each, blocks=numbered(each.blocks)) for each in procedure.sections))


def _titled(picture: Picture, number: int) -> Picture:
    return replace(picture, alt=f"图 {number} {_NUMBERED.sub('', picture.alt, count=1)}".strip())
