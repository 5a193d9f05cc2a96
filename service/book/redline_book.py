"""Two books compared part by part: what came, went, changed or stayed as it was. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.book.model import Block, Book, Grid, Inlines, Item, PageOf, Para, Part, Span, Toc
from service.book.redline import redline
from service.book.redline_model import Changed, ChangedGrid, Deleted, Inserted, Kept, Redline
from service.book.redline_summary import Counts, count


class Fate(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


FATE_NAMES = {Fate.ADDED: "新增", Fate.REMOVED: "撤销", Fate.CHANGED: "修改", Fate.SAME: "未改动"}


@dataclass(frozen=True, slots=True)
class PartChange:
    """`part` is that of the new book, of a removed one that of the old book. `counts` are those of a changed part; of one that only one book has
    it counts nothing."""

    part: Part
    found: Redline
    fate: Fate
    counts: Counts


def redlined_books(old: Book, new: Book) -> tuple[PartChange, ...]:
    """Every part of both books, paired by their anchors, in the order of the new one; what went stands after what it stood behind.

    Tables of contents and page numbers are left out, the latter as a dash: they are those of two printed books. Parts that only changed
    places are told in their new place.
    """
    before, after = ({part.anchor: _without_pages(part) for part in book.parts if not _is_contents(part)} for book in (old, new))
    gone: dict[str, list[Part]] = defaultdict(list)
    behind = ""
    for anchor, part in before.items():
        if anchor in after:
            behind = anchor
        else:
            gone[behind].append(part)
    found = [*map(_removed, gone[""])]
    for anchor, part in after.items():
        found.append(_paired(before.get(anchor), part))
        found.extend(map(_removed, gone[anchor]))
    return tuple(each for each in found if each.found)


def _removed(part: Part) -> PartChange:
    return PartChange(part, tuple(Deleted(block) for block in part.blocks), Fate.REMOVED, Counts())


def _paired(old: Part | None, new: Part) -> PartChange:
    if old is None:
        return PartChange(new, tuple(Inserted(block) for block in new.blocks), Fate.ADDED, Counts())
    if old.blocks == new.blocks:
        return PartChange(new, tuple(Kept(block) for block in new.blocks), Fate.SAME, Counts())
    found = redline(old.blocks, new.blocks)
    counts = count(found)
    return PartChange(new, found, Fate.CHANGED if counts.total else Fate.SAME, counts)


def _is_contents(part: Part) -> bool:
    return any(isinstance(block, Toc) for block in part.blocks)


def _without_pages(part: Part) -> Part:
    return replace(part, blocks=tuple(map(_block, part.blocks)))


def _block(block: Block) -> Block:
    if isinstance(block, Para | Item):
        return replace(block, content=_inlines(block.content)) if _has_page(block.content) else block
    if isinstance(block, Grid) and any(_has_page(content) for row in block.rows for cell in row for content in cell.content):
        rows = tuple(tuple(replace(cell, content=tuple(map(_inlines, cell.content))) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    return block


def _has_page(content: Inlines) -> bool:
    return any(isinstance(each, PageOf) for each in content)


def _inlines(content: Inlines) -> Inlines:
    return tuple(Span("—") if isinstance(each, PageOf) else each for each in content)


def both(changes: Sequence[PartChange]) -> Iterator[Block]:
    """The blocks of both books, for whoever draws their pictures."""
    for change in changes:
        for each in change.found:
            if not isinstance(each, Changed | ChangedGrid):
                yield each.block
