"""Where a replaced stretch begins and ends: at the marks between clauses, and by characters where a word only grew or shrank."""

from __future__ import annotations

from collections.abc import Sequence

from service.book.redline_step import Step, joined
from service.book.redline_tokens import CLAUSE_MARKS, Token

_OPENERS = frozenset("（([“‘「『《【")
_CLOSERS = frozenset("）)]”’」』》】")


def settled(steps: Sequence[Step]) -> list[Step]:
    """Inserted and deleted words moved within what may be told in several ways: 登记、+派工、+回访 rather than 登记+、派工+、回访."""
    nothing = Step(True, (), ())
    found = [nothing, *steps, nothing]
    for place in range(1, len(found) - 1):
        step = found[place]
        if not step.kept and bool(step.old) != bool(step.new):  # only put in, or only taken out
            clearest = max(_slides(found[place - 1], step, found[place + 1]), key=_clarity)
            found[place - 1 : place + 2] = clearest
    return joined(found)


_Three = tuple[Step, Step, Step]


def _slides(before: Step, step: Step, after: Step) -> list[_Three]:
    """Every way to tell the same change, the step as it was found first."""
    found = [(before, step, after)]
    three = (before, step, after)
    while three[0].old and three[0].old[-1].key == (three[1].old or three[1].new)[-1].key and len(found) < MOST_SLIDES:
        three = _to_the_left(*three)
        found.append(three)
    three = (before, step, after)
    while three[2].old and three[2].old[0].key == (three[1].old or three[1].new)[0].key and len(found) < 2 * MOST_SLIDES:
        three = _to_the_right(*three)
        found.append(three)
    return found


MOST_SLIDES = 50


def _to_the_left(before: Step, step: Step, after: Step) -> _Three:
    """The last word before the step becomes its first, its last one is kept."""
    old, new = [before.old[-1], *step.old], [before.new[-1], *step.new]
    if step.old:
        return (
            Step(True, before.old[:-1], before.new[:-1]),
            Step(False, old[:-1], ()),
            Step(True, [old[-1], *after.old], [new[0], *after.new]),
        )
    return Step(True, before.old[:-1], before.new[:-1]), Step(False, (), new[:-1]), Step(True, [old[0], *after.old], [new[-1], *after.new])


def _to_the_right(before: Step, step: Step, after: Step) -> _Three:
    """The first word after the step becomes its last, its first one is kept."""
    old, new = [*step.old, after.old[0]], [*step.new, after.new[0]]
    if step.old:
        return Step(True, [*before.old, old[0]], [*before.new, new[0]]), Step(False, old[1:], ()), Step(True, after.old[1:], after.new[1:])
    return Step(True, [*before.old, old[0]], [*before.new, new[0]]), Step(False, (), new[1:]), Step(True, after.old[1:], after.new[1:])


def _clarity(three: _Three) -> int:
    """How well a reader sees what was put in or taken out."""
    before, step, after = three
    words = step.old or step.new
    begins = not before.old or before.old[-1].key in CLAUSE_MARKS
    ends = words[-1].key in CLAUSE_MARKS
    return (
        3 * (words[0].key in _OPENERS and words[-1].key in _CLOSERS)
        + 2 * begins * ends
        + (words[0].key in CLAUSE_MARKS and (not after.old or not after.old[0].key.isalnum()))
    )


def by_characters(step: Step) -> list[Step]:
    """A replaced stretch one side of which is the other with something put in: only that is marked."""
    if step.kept or not (step.old and step.new):
        return [step]
    old, new = _characters(step.old), _characters(step.new)
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at].key != new[at].key), least)
    tail = next((at for at in range(least - head) if old[-1 - at].key != new[-1 - at].key), least - head)
    if head + tail < least:
        return [step]
    return joined(
        [Step(True, old[:head], new[:head]), _between(old, new, head, tail), Step(True, old[len(old) - tail :], new[len(new) - tail :])]
    )


def _between(old: Sequence[Token], new: Sequence[Token], head: int, tail: int) -> Step:
    return Step(False, old[head : len(old) - tail], new[head : len(new) - tail])


def _characters(words: Sequence[Token]) -> list[Token]:
    """Words cut into characters, figures and codes whole."""
    return [piece for word in words for piece in ([word] if word.whole or len(word.key) == 1 else _cut(word))]


def _cut(word: Token) -> list[Token]:
    return [Token(char, word.start + at, word.start + at + 1, 1, False) for at, char in enumerate(word.key)]
