"""What a part's place in the book decides: where page numbers begin anew, and to which page 共 N 页 counts."""

from __future__ import annotations

from dataclasses import dataclass

from service.book.model import Book, Numbering, Part


@dataclass(frozen=True, slots=True)
class Section:
    """A part; `restart`: its pages count from 1; `last_numbered`: N is the number of its last page."""

    part: Part
    restart: bool
    last_numbered: bool


def sections(book: Book) -> list[Section]:
    """Numbers begin at 1 in the first roman and in the first arabic part; N is the number of the last arabic page."""
    numberings = [part.numbering for part in book.parts]
    first = {numberings.index(numbering) for numbering in (Numbering.ROMAN, Numbering.ARABIC) if numbering in numberings}
    last = max((index for index, numbering in enumerate(numberings) if numbering is Numbering.ARABIC), default=-1)
    return [Section(part, index in first, index == last) for index, part in enumerate(book.parts)]
