"""What a running service keeps of books it has set: pieces by what they are made of, as long as there is room. For many threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
ROOM = 96 * 2**20  # bytes: about 700 documents, set and joined


class Shelf:
    """Values by key, the longest unused given up first. A key must say everything that its value is made of."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used, self._lock = room, 0, Lock()
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def take(self, key: Hashable, make: Callable[[], Value], weigh: Callable[[Value], int]) -> Value:
        """The kept value, or the one that `make` makes; two threads may make the same, and one of them is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Value, self._kept[key][0])
        value = make()
        weight = weigh(value)
        with self._lock:
            if weight <= self._room and key not in self._kept:
                self._kept[key] = value, weight
                self._used += weight
            while self._used > self._room:
                self._used -= self._kept.popitem(last=False)[1][1]
        return value

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def used(self) -> int:
        """Bytes, by the weights of what is kept."""
        return self._used
