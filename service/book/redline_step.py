"""A stretch of words in both forms of a sentence: kept, or replaced."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from service.book.redline_tokens import Token


class Step(NamedTuple):
    """Words of both texts: the same ones, or those that were replaced (either side may be empty)."""

    kept: bool
    old: Sequence[Token]
    new: Sequence[Token]


def joined(steps: Sequence[Step]) -> list[Step]:
    """Neighbours of one kind as one step, empty ones left out."""
    grouped = [(kept, list(group)) for kept, group in groupby((step for step in steps if step.old or step.new), key=lambda step: step.kept)]
    return [
        Step(kept, [word for step in group for word in step.old], [word for step in group for word in step.new]) for kept, group in grouped
    ]


def text_of(words: Sequence[Token]) -> str:
    return "".join(word.key for word in words)
