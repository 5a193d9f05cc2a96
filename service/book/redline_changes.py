"""What a reader is to be told of a block of a redline: whether it changed at all, and how."""

from __future__ import annotations

from enum import StrEnum

from service.book.model import Heading, Inline, Item, Para, Span
from service.book.redline_model import (
    Changed,
    ChangedGrid,
    Deleted,
    Inserted,
    Mark,
    MovedFrom,
    MovedTo,
    Piece,
    RedBlock,
    RedCell,
    TextBlock,
)


class Change(StrEnum):
    """What became of a block that is not the same in both texts."""

    INSERTED = "inserted"
    DELETED = "deleted"
    CHANGED = "changed"
    MOVED = "moved"


CHANGE_NAMES = {Change.INSERTED: "新增", Change.DELETED: "删除", Change.CHANGED: "修改", Change.MOVED: "移动"}


def change_of(block: RedBlock) -> Change | None:
    """None for what says the same: another clause number, label or serial number alone is no change."""
    if isinstance(block, Changed):
        return Change.CHANGED if says_other(block) else None
    if isinstance(block, ChangedGrid):
        return Change.CHANGED if _grid_differs(block) else None
    return _CHANGES.get(type(block))


_CHANGES: dict[type, Change] = {Inserted: Change.INSERTED, Deleted: Change.DELETED, MovedFrom: Change.MOVED, MovedTo: Change.MOVED}


def says_other(block: Changed) -> bool:
    """Whether words, their manner, or the kind of the paragraph differ."""
    return _kind(block.old) != _kind(block.new) or any(map(piece_differs, block.pieces))


def set_otherwise(block: Changed) -> bool:
    """Whether the paragraph became an item, a note, a heading of another level …"""
    return _kind(block.old) != _kind(block.new)


def _kind(block: TextBlock) -> tuple[object, ...]:
    if isinstance(block, Para):
        return (Para, block.style)
    return (Item, block.depth) if isinstance(block, Item) else (Heading, block.level)


def piece_differs(piece: Piece) -> bool:
    return piece.mark is not Mark.KEPT or remade(piece)


def remade(piece: Piece) -> bool:
    """Whether the words stayed and their manner did not."""
    return piece.former is not None and _manner(piece.former) != _manner(piece.content)


def _manner(run: Inline) -> tuple[object, ...]:
    return (run.bold, run.italic, run.code, run.href) if isinstance(run, Span) else ()


def cell_differs(cell: RedCell) -> bool:
    return not cell.serial and any(line.mark is not Mark.KEPT or any(map(piece_differs, line.pieces)) for line in cell.lines)


def _grid_differs(grid: ChangedGrid) -> bool:
    rows = any(row.mark is not Mark.KEPT or any(map(cell_differs, row.cells)) for row in grid.rows)
    return rows or grid.old.caption != grid.new.caption


def heading_of(block: RedBlock) -> Heading | None:
    """The heading that a block is, as the new text has it if it has it."""
    inner = block.new if isinstance(block, (Changed, ChangedGrid)) else block.block
    return inner if isinstance(inner, Heading) else None


def old_number(head: RedBlock) -> str:
    """The clause number that a heading had, "" if it is new."""
    block = head.old if isinstance(head, (Changed, ChangedGrid)) else head.block
    return block.number if isinstance(block, Heading) and not isinstance(head, Inserted) else ""
