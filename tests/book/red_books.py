"""Redlines of any blocks as Word files, and the same blocks without any change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from book.books import DRAWING
from book.docx_changes import Element, document_of
from book.docx_reading import PICTURES
from service.book.docx import render_docx
from service.book.docx_writing import Picture
from service.book.model import Block, Book, Drawing, Figure, Numbering, Part, Photo, Toc
from service.book.redline import redline
from service.book.redline_docx import RedBook, RedPart, render_redline_docx
from service.book.redline_model import Redline
from service.book.theme import FORMAL

Blocks = Sequence[Block]
AUTHOR = "示例电器有限公司"


def _pictures(*texts: Blocks) -> dict[Drawing | Photo, Picture]:
    return {block.drawing: PICTURES[DRAWING] for blocks in texts for block in blocks if isinstance(block, Figure)}


def rendered(old: Blocks, new: Blocks) -> bytes:
    """The redline of two texts as a file of one part."""
    return written(redline(old, new), old, new)


def written(found: Redline, *texts: Blocks) -> bytes:
    """`texts`: the blocks whose drawings are needed."""
    book = RedBook("对照", AUTHOR, "A/0 → A/1", (RedPart(Part("p", ()), found),))
    return render_redline_docx(book, FORMAL, _pictures(*texts), author=AUTHOR, on=date(2026, 6, 1))


def plain(blocks: Blocks) -> Element:
    """The text as our writer sets it without any change; a redline has no table of contents."""
    bare = tuple(each for each in blocks if not isinstance(each, Toc))
    part = Part("p", bare, numbering=Numbering.NONE)
    return document_of(render_docx(Book("", "", "", (part,)), FORMAL, None, _pictures(bare)))
