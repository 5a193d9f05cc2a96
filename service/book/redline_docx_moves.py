"""Which blocks of a redline Word is told as one move: neighbours in both texts, without the tables among them, for Word moves none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.book.model import Grid, Toc
from service.book.redline_model import MovedFrom, MovedTo, Redline


@dataclass(frozen=True, slots=True)
class MovePlace:
    """A moved block: the name that both ends of its move share, and whether the move begins and ends with it."""

    name: str
    first: bool
    last: bool


def move_places(found: Redline, prefix: str) -> Mapping[int, MovePlace]:
    """By the block's place in the redline; a moved table is in none: it is deleted and inserted. `prefix` keeps names of several redlines apart."""
    starts, ends = _places(found, MovedFrom), _places(found, MovedTo)
    result: dict[int, MovePlace] = {}
    for pair in starts.keys() & ends.keys():
        for stretch in _stretches(found, starts[pair], ends[pair]):
            for side in (starts[pair], ends[pair]):
                for number in stretch:
                    name = f"{prefix}{pair}_{stretch[0]}"
                    result[side[number]] = MovePlace(name, number == stretch[0], number == stretch[-1])
    return result


def _places(found: Redline, kind: type[MovedFrom | MovedTo]) -> dict[int, list[int]]:
    result: dict[int, list[int]] = defaultdict(list)
    for place, block in enumerate(found):
        if isinstance(block, kind):
            result[block.pair].append(place)
    return result


def _stretches(found: Redline, starts: list[int], ends: list[int]) -> Iterator[list[int]]:
    """Numbers of the move's blocks that follow each other in both texts."""
    stretch: list[int] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        block = found[start]
        movable = isinstance(block, MovedFrom) and not isinstance(block.block, (Grid, Toc))
        together = stretch and start == starts[number - 1] + 1 and end == ends[number - 1] + 1
        if stretch and not (movable and together):
            yield stretch
            stretch = []
        if movable:
            stretch = [*stretch, number]
    if stretch:
        yield stretch
