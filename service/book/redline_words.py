"""What differs between two lines of Chinese text: sentence by sentence, and in changed ones word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.book.redline_align import aligned, profile, resemblance
from service.book.redline_phrase import phrase_steps
from service.book.redline_step import Step, joined, text_of
from service.book.redline_tokens import Token, sentences, tokens

ALIKE = 0.37
"""Sentences that resemble each other less are told as one deleted and one inserted."""
CLOSER = 0.05
"""So much more alike must two sentences together be to be compared as one."""


class Stretch(NamedTuple):
    """Characters of both texts: the same ones, or those that were replaced (either side may be empty)."""

    kept: bool
    old: tuple[int, int]
    new: tuple[int, int]


def stretches(old: str, new: str, old_atoms: Mapping[int, str], new_atoms: Mapping[int, str]) -> list[Stretch]:
    """The two texts from begin to end, kept and replaced stretches in turn. `atoms`: see `redline_tokens.tokens`."""
    found: list[Stretch] = []
    here = (0, 0)
    for step in _steps(tokens(old, old_atoms), tokens(new, new_atoms)):
        there = (step.old[-1].end if step.old else here[0], step.new[-1].end if step.new else here[1])
        found.append(Stretch(step.kept, (here[0], there[0]), (here[1], there[1])))
        here = there
    return found


def _steps(old: Sequence[Token], new: Sequence[Token]) -> list[Step]:
    steps: list[Step] = []
    for before, after in _sentence_pairs(old, new):
        if [word.key for word in before] == [word.key for word in after]:
            steps.append(Step(True, before, after))
        elif before and after:
            steps.extend(phrase_steps(before, after))
        else:
            steps.append(Step(False, before, after))
    return joined(steps)


_Sentences = tuple[Sequence[Token], Sequence[Token]]


def _sentence_pairs(old: Sequence[Token], new: Sequence[Token]) -> list[_Sentences]:
    """Old and new words of sentences that belong together; one side is empty where a sentence has no counterpart."""
    olds, news = ([words[a:b] for a, b in sentences(words)] for words in (old, new))
    before, after = ([profile(text_of(words)) for words in each] for each in (olds, news))

    def likeness(i: int, j: int) -> float:
        found = resemblance(before[i], after[j])
        return found if found >= ALIKE else 0

    keys, others = ([tuple(word.key for word in words) for words in each] for each in (olds, news))
    rows = aligned(keys, others, likeness)
    return _gathered([(olds[i] if i is not None else (), news[j] if j is not None else ()) for i, j in rows])


def _gathered(pairs: Sequence[_Sentences]) -> list[_Sentences]:
    """A sentence that was cut in two, or two that became one, are compared together."""
    found: list[_Sentences] = []
    for pair in pairs:
        if found and _belong(found[-1], pair):
            found[-1] = ([*found[-1][0], *pair[0]], [*found[-1][1], *pair[1]])
        else:
            found.append(pair)
    return found


def _belong(former: _Sentences, pair: _Sentences) -> bool:
    """Whether one of two neighbours is changed, the other stands on one side only, and together they are more alike, or end alike
    (上岗。→ 上岗；不合格者补考。)."""
    changed, single = (former, pair) if former[0] and former[1] else (pair, former)
    if not (changed[0] and changed[1]) or (single[0] and single[1]) or text_of(changed[0]) == text_of(changed[1]):
        return False
    whole = [(*one, *other) for one, other in zip(former, pair, strict=True)]
    if changed is former and whole[0][-1].key == whole[1][-1].key:
        return True
    alone = resemblance(profile(text_of(changed[0])), profile(text_of(changed[1])))
    together = resemblance(profile(text_of(whole[0])), profile(text_of(whole[1])))
    return together > alone + CLOSER
