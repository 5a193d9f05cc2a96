"""What a running service keeps of books it has set: pieces by what they are made of, as long as there is room. For many threads."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from threading import Lock
from typing import Any, TypeVar, cast

from service.book.model import Layout, Part, Photo

Value = TypeVar("Value")
ROOM = 96 * 2**20  # bytes: about 700 documents, set and joined

LAYOUTS = 32
"""Books whose last layout is remembered."""
BLOCK = 3000  # bytes of a block with what is in it, about


def _none(_value: object) -> Iterable[Part]:
    return ()


class Shelf:
    """Values by key, the longest unused given up first. A key must say everything that its value is made of."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used, self._lock = room, 0, Lock()
        self._kept: OrderedDict[Hashable, tuple[Any, int, dict[int, int]]] = OrderedDict()
        self._held: Counter[int] = Counter()
        self._layouts: OrderedDict[Hashable, Layout] = OrderedDict()

    def last_layout(self, of: Hashable) -> Layout | None:
        """Where everything stood when a book was laid out last: most probably where it will stand again."""
        with self._lock:
            return self._layouts.get(of)

    def remember(self, of: Hashable, layout: Layout) -> None:
        with self._lock:
            self._layouts[of] = layout
            self._layouts.move_to_end(of)
            while len(self._layouts) > LAYOUTS:
                self._layouts.popitem(last=False)

    def take(
        self, key: Hashable, make: Callable[[], Value], weigh: Callable[[Value], int], parts: Callable[[Value], Iterable[Part]] = _none
    ) -> Value:
        """The kept value, or the one that `make` makes; two threads may make the same, and one of them is kept.

        `weigh`: bytes of the value beside `parts`, those of a book that key and value hold on to. However many values hold a part or its
        photos, their bytes count once.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Value, self._kept[key][0])
        value = make()
        weight, things = weigh(value), dict(_things(parts(value)))
        with self._lock:
            if weight + sum(things.values()) <= self._room and key not in self._kept:
                self._kept[key] = value, weight, things
                self._used += weight + sum(size for thing, size in things.items() if not self._held[thing])
                self._held.update(things.keys())
            while self._used > self._room:
                self._give_up(*self._kept.popitem(last=False)[1][1:])
        return value

    def _give_up(self, weight: int, things: dict[int, int]) -> None:
        self._held.subtract(things.keys())
        gone = [thing for thing in things if not self._held[thing]]
        self._used -= weight + sum(things[thing] for thing in gone)
        for thing in gone:
            del self._held[thing]


def _things(parts: Iterable[Part]) -> Iterator[tuple[int, int]]:
    """What takes room in parts, by identity, with its bytes, about: what is kept stays where it is in memory."""
    for part in parts:
        yield id(part), BLOCK * len(part.blocks)
        yield from ((id(block.data), len(block.data)) for block in part.blocks if isinstance(block, Photo))
