"""Blocks that stand in both texts in other places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence, Set
from typing import NamedTuple

from service.book.model import Block, Figure, Grid, Heading, Item, Para, Photo
from service.book.redline_align import Pair
from service.book.redline_runs import plain

MOVED_LEAST = 6
"""Characters that a paragraph has at least to be told as moved; shorter ones stand in many places."""

Keys = tuple[list[int], list[int]]


class Moves(NamedTuple):
    """Places of moved blocks in each text, and the number of the move; blocks that moved together share it."""

    old: dict[int, int]
    new: dict[int, int]


def block_keys(old: Sequence[Block], new: Sequence[Block]) -> Keys:
    """A number for what each block says, without the clause number or label that follows from its place."""
    shared = {each.anchor for each in old if isinstance(each, Heading)} & {each.anchor for each in new if isinstance(each, Heading)} - {""}
    numbers: dict[Hashable, int] = {}
    olds, news = ([numbers.setdefault(_key(block, shared), len(numbers)) for block in blocks] for blocks in (old, new))
    return olds, news


def _key(block: Block, shared: Set[str]) -> Hashable:
    if isinstance(block, Heading):
        return ("heading", block.anchor) if block.anchor in shared else ("heading", block.level, block.text)
    return ("item", block.depth, block.content) if isinstance(block, Item) else block


def moves(old: Sequence[Block], new: Sequence[Block], keys: Keys, pairs: Sequence[Pair]) -> Moves:
    """`pairs`: what stayed where it was, in order."""
    found = sorted(_moved(old, new, keys, pairs), key=lambda pair: pair[1])
    known = set(found)
    result, number = Moves({}, {}), 0
    for i, j in found:
        number += (i - 1, j - 1) not in known
        result.old[i] = result.new[j] = number
    return result


def _moved(old: Sequence[Block], new: Sequence[Block], keys: Keys, pairs: Sequence[Pair]) -> Iterator[Pair]:
    stayed, others = {i for i, _ in pairs}, {j for _, j in pairs}
    waiting: dict[int, list[int]] = defaultdict(list)
    for j in range(len(new)):
        if j not in others:
            waiting[keys[1][j]].append(j)
    moved: set[Pair] = set()
    for i in range(len(old)):
        places = waiting.get(keys[0][i])
        if i in stayed or not places or not _says_the_same(old[i], new[places[0]]):
            continue
        if _tells(old[i]) or (i - 1, places[0] - 1) in moved:
            pair = (i, places.pop(0))
            moved.add(pair)
            yield pair


def _says_the_same(old: Block, new: Block) -> bool:
    return not (isinstance(old, Heading) and isinstance(new, Heading)) or old.text == new.text


def _tells(block: Block) -> bool:
    """Whether it is no chance that both texts have it."""
    if isinstance(block, (Para, Item)):
        return len(plain(block.content)) >= MOVED_LEAST
    return isinstance(block, (Grid, Figure, Photo)) or (isinstance(block, Heading) and bool(block.anchor))
