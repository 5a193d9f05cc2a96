"""The marks of a list's items, some of which are printed only on a condition: whichever is printed first gives the list its number."""

from __future__ import annotations

from collections.abc import Sequence

from service.text.source_conditions import TAG
from service.text.write import MOST_NUMBER


class Numbers:
    """Marks in the order of the items: `past` for every condition's line on the way, `next_mark` for every item.

    `start`: the first number, None for bullets. `second`: the other spelling, for a list that follows one of its kind.
    """

    def __init__(self, start: int | None, second: bool) -> None:
        self._start, self._second = start, second
        self._number = start or 0
        self._depth = 0  # of conditions
        self._certain = False  # an item that is always printed has given the list its number
        self._whole = False  # inside if … else …, one branch of which is always printed
        self._branches: list[int] = []  # the number at the beginning of every open condition

    def next_mark(self) -> str:
        if self._start is None:
            return "*" if self._second else "-"
        mark = f"{min(self._number, MOST_NUMBER)}{')' if self._second else '.'}"
        self._number += 1
        self._certain = self._certain or not self._depth
        return mark

    def past(self, conditions: Sequence[str]) -> Sequence[str]:
        """The lines, which stay as they are; every branch goes on from the number at its condition's beginning."""
        for text in conditions:
            for tag in TAG.findall(text):
                self._pass(tag)
        return conditions

    def _pass(self, tag: str) -> None:
        self._whole = (tag == "else" and self._depth == 1) or (self._whole and self._depth > 0)
        self._depth += (tag in ("if", "for")) - tag.startswith("end")
        self._certain = self._certain or (self._whole and not self._depth)
        if tag.startswith("end") and not self._depth and not self._certain:
            self._number = self._start or 0
        if tag == "if":
            self._branches.append(self._number)
        elif tag in ("else", "elif") and self._branches:
            self._number = self._branches[-1]
        elif tag == "endif" and self._branches:
            self._branches.pop()
