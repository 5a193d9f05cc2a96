"""Pages of a short book as pictures for a screen, by typst."""

from __future__ import annotations

from pathlib import Path

from service.book.model import Book
from service.book.pdf import piece_source
from service.book.pieces import Piece
from service.book.theme import Theme
from service.book.typesetter import typesetter
from service.book.typst_setting import new_setting, whole_of

SHARPNESS = 96
"""Pixels of an inch: a screen's."""


def page_images(book: Book, theme: Theme, fonts: Path) -> list[bytes]:
    """A PNG of every page, without page numbers: those are laid over the pages of finished files."""
    setting = new_setting(whole_of(book), book.parts, theme, {})
    source = piece_source(book, Piece(0, book.parts, False), theme, setting)
    with typesetter(source, fonts, setting.files) as compiler:
        made = compiler.compile(format="png", ppi=SHARPNESS)
    return [page for page in made if page] if isinstance(made, list) else [made or b""]
