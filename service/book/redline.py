"""The redline of two texts: their blocks in one sequence, each with what became of it; either text can be put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from service.book.model import Block, Grid, Heading, Inlines, Span
from service.book.redline_align import Row, profile, resemblance, rows_between, same
from service.book.redline_model import Changed, ChangedGrid, Deleted, Inserted, Kept, MovedFrom, MovedTo, RedBlock, Redline, TextBlock
from service.book.redline_moves import Moves, block_keys, moves
from service.book.redline_runs import new_inlines, old_inlines, plain, redlined
from service.book.redline_table import new_grid, old_grid, redlined_grid, same_columns, same_titles

ALIKE = 0.35
"""Blocks that resemble each other less are told as one deleted and one inserted."""


def redline(old: Sequence[Block], new: Sequence[Block]) -> Redline:
    """What became of every block of `old` and where every block of `new` comes from, in reading order.

    Blocks that say the same are paired first (headings by their anchor too), then what was moved, then what is alike. A drawing or a
    picture that changed is told as deleted and inserted, as is a table whose columns did. `accepted` of the result is `new`,
    `rejected` is `old`, exactly. Both texts must be set with the same prefix of anchors.
    """
    keys = block_keys(old, new)
    pairs = same(*keys)
    moved = moves(old, new, keys, pairs)
    olds, news = [_Compared(block) for block in old], [_Compared(block) for block in new]

    def likeness(i: int, j: int) -> float:
        return 0 if i in moved.old or j in moved.new else olds[i].likeness(news[j])

    return tuple(_told(rows_between(pairs, len(old), len(new), likeness), old, new, moved))


def accepted(found: Redline) -> tuple[Block, ...]:
    """The new text."""
    return tuple(block for each in found for block in _NEW[type(each)](each))


def rejected(found: Redline) -> tuple[Block, ...]:
    """The old text."""
    return tuple(block for each in found for block in _OLD[type(each)](each))


@dataclass(frozen=True)
class _Compared:
    """A block with what it is compared by, made when it is asked for."""

    block: Block

    @cached_property
    def profile(self) -> frozenset[str]:
        if isinstance(self.block, Grid):
            return profile("\n".join(plain(line) for row in self.block.rows for cell in row for line in cell.content))
        return profile(plain(text_content(self.block))) if isinstance(self.block, TextBlock) else frozenset()

    def likeness(self, other: _Compared) -> float:
        """0 for what is not to be told as one block that changed."""
        one, two = self.block, other.block
        found = resemblance(self.profile, other.profile) if _comparable(one, two) else 0
        if _reworded(one, two) or (isinstance(one, Grid) and isinstance(two, Grid) and same_columns(one, two) and same_titles(one, two)):
            found = max(found, ALIKE)
        return found if found >= ALIKE else 0


def _reworded(one: Block, other: Block) -> bool:
    """Whether two headings stand in the same place, whatever their words."""
    if not (isinstance(one, Heading) and isinstance(other, Heading) and one.number):
        return False
    return (one.number, one.level) == (other.number, other.level)


def _comparable(one: Block, other: Block) -> bool:
    if isinstance(one, Grid) and isinstance(other, Grid):
        return same_columns(one, other)
    if isinstance(one, Heading) or isinstance(other, Heading):
        return type(one) is type(other)
    return isinstance(one, TextBlock) and isinstance(other, TextBlock)


def text_content(block: TextBlock) -> Inlines:
    """The runs of a paragraph, item or heading."""
    return (Span(block.text),) if isinstance(block, Heading) else block.content


def _told(rows: Sequence[Row], old: Sequence[Block], new: Sequence[Block], moved: Moves) -> Iterator[RedBlock]:
    for i, j in rows:
        if i is not None and j is not None:
            yield from _pair(old[i], new[j])
        elif i is not None:
            yield MovedFrom(old[i], moved.old[i]) if i in moved.old else Deleted(old[i])
        elif j is not None:
            yield MovedTo(new[j], moved.new[j]) if j in moved.new else Inserted(new[j])


def _pair(old: Block, new: Block) -> Iterator[RedBlock]:
    if old == new:
        yield Kept(new)
    elif isinstance(old, TextBlock) and isinstance(new, TextBlock):
        yield Changed(old, new, redlined(text_content(old), text_content(new)))
    elif isinstance(old, Grid) and isinstance(new, Grid) and (grid := redlined_grid(old, new)):
        yield grid
    else:
        yield from (Deleted(old), Inserted(new))


def _with_content(block: TextBlock, content: Inlines) -> Block:
    return replace(block, text=plain(content)) if isinstance(block, Heading) else replace(block, content=content)


_Side = dict[type, Callable[[Any], tuple[Block, ...]]]

_NEW: _Side = {
    Kept: lambda each: (each.block,),
    Inserted: lambda each: (each.block,),
    Deleted: lambda _: (),
    MovedFrom: lambda _: (),
    MovedTo: lambda each: (each.block,),
    Changed: lambda each: (_with_content(each.new, new_inlines(each.pieces)),),
    ChangedGrid: lambda each: (new_grid(each),),
}
_OLD: _Side = {
    Kept: lambda each: (each.block,),
    Inserted: lambda _: (),
    Deleted: lambda each: (each.block,),
    MovedFrom: lambda each: (each.block,),
    MovedTo: lambda _: (),
    Changed: lambda each: (_with_content(each.old, old_inlines(each.pieces)),),
    ChangedGrid: lambda each: (old_grid(each),),
}
