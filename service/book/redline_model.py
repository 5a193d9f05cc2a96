"""A redline: the blocks of an old and a new text in one sequence, each with what became of it. No renderer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.book.model import Block, Grid, GridCell, Heading, Inline, Item, Para


class Mark(StrEnum):
    """What became of a piece, a paragraph of a cell, a row."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"


MARK_NAMES = {Mark.KEPT: "保留", Mark.INSERTED: "新增", Mark.DELETED: "删除"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run. `content` is what the new text has, of a deleted piece what the old one had. `former`: the same words as they
    stood in the old text if their manner changed (bold, link). `old_run`, `new_run`: the place of the run in its paragraph that the
    piece was cut from, -1 if that text has none; pieces of one run follow each other on their side."""

    mark: Mark
    content: Inline
    former: Inline | None = None
    old_run: int = -1
    new_run: int = -1


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The same in both texts."""

    block: Block


@dataclass(frozen=True, slots=True)
class Inserted:
    block: Block


@dataclass(frozen=True, slots=True)
class Deleted:
    block: Block


@dataclass(frozen=True, slots=True)
class MovedFrom:
    """Where a block stood in the old text. Blocks that moved together share `pair`, which their MovedTo have too."""

    block: Block
    pair: int


@dataclass(frozen=True, slots=True)
class MovedTo:
    """Where it stands in the new one, in the same words; its clause number or label may be another."""

    block: Block
    pair: int


TextBlock = Para | Heading | Item


@dataclass(frozen=True, slots=True)
class Changed:
    """A paragraph, heading or item that is in both texts. The words of both are `pieces`; everything else (style, number, label) is that
    of `old` and `new`. Where only number or label differ, every piece is kept: see `says_other`."""

    old: TextBlock
    new: TextBlock
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a cell."""

    mark: Mark
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class RedCell:
    """A cell of a redlined table: `old` is None in an inserted row, `new` in a deleted one. It covers `width` columns of the redlined
    table and `height` of its rows. `serial`: it holds a serial number in both that only follows the row's place."""

    old: GridCell | None
    new: GridCell | None
    lines: tuple[Line, ...]
    width: int
    height: int
    serial: bool = False


@dataclass(frozen=True, slots=True)
class RedRow:
    mark: Mark
    cells: tuple[RedCell, ...]


@dataclass(frozen=True, slots=True)
class ChangedGrid:
    """A table that is in both texts, compared row by row and cell by cell. `widths`: relative, of the columns that `rows` stand on
    (a form's are the edges of both); the frame (widths, head, caption, air) is that of `old` and `new`. The first `head` rows are head."""

    old: Grid
    new: Grid
    widths: tuple[float, ...]
    rows: tuple[RedRow, ...]
    head: int


RedBlock = Kept | Inserted | Deleted | MovedFrom | MovedTo | Changed | ChangedGrid
Redline = tuple[RedBlock, ...]
