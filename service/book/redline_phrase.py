"""What differs between two forms of a sentence: words kept and replaced, without splinters that both hold by chance."""

from __future__ import annotations

from collections.abc import Sequence

from service.book.redline_align import same
from service.book.redline_edges import by_characters, settled
from service.book.redline_step import Step, joined, text_of
from service.book.redline_tokens import CLAUSE_MARKS, LINKS, Token

KEPT_LEAST = 0.28
"""A sentence of which less is kept (by weight, of its shorter form) is replaced as a whole: what was found in both is chance."""
MOST_CELLS = 40_000  # of the table of a word diff; what is longer is anchored by words that stand once
RUN = 0.3  # what a kept word weighs more right after a kept one
LEAST = 0.01  # a space weighs nothing, but is better kept than not


def phrase_steps(old: Sequence[Token], new: Sequence[Token]) -> list[Step]:
    """A changed sentence."""
    steps = _without_islands(_compared(old, new))
    kept = sum(word.weight for step in steps if step.kept for word in step.old)
    least = min(sum(word.weight for word in old), sum(word.weight for word in new))
    if kept < KEPT_LEAST * least:
        return [Step(False, old, new)]
    return [fine for step in settled(steps) for fine in by_characters(step)]


def _compared(old: Sequence[Token], new: Sequence[Token]) -> list[Step]:
    """Kept and replaced words in turn."""
    steps, here = [], (0, 0)
    for i, j in [*_pairs(old, new), (len(old), len(new))]:
        steps.append(Step(False, old[here[0] : i], new[here[1] : j]))
        steps.append(Step(True, old[i : i + 1], new[j : j + 1]))
        here = (i + 1, j + 1)
    return joined(steps)


def _pairs(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[int, int]]:
    """The same words of both, in order: those with the greatest weight together, in long runs rather than scattered."""
    keys, others = [word.key for word in old], [word.key for word in new]
    head = next((i for i, (a, b) in enumerate(zip(keys, others, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - head
    tail = next((i for i in range(rest) if keys[-1 - i] != others[-1 - i]), rest)
    a, b = len(old) - tail, len(new) - tail
    middle = same(keys[head:a], others[head:b]) if (a - head) * (b - head) > MOST_CELLS else _heaviest(old[head:a], new[head:b])
    first = [(i, i) for i in range(head)]
    return [*first, *((head + i, head + j) for i, j in middle), *((a + i, b + i) for i in range(tail))]


def _heaviest(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[int, int]]:
    """The common subsequence of the greatest weight; a pair that follows a pair weighs more."""
    width = len(new) + 1
    best = [[0.0] * width for _ in range(len(old) + 1)]
    ending = [[0.0] * width for _ in range(len(old) + 1)]  # the best that begins with the pair (i, j) itself
    keys = [word.key for word in new]
    for i in range(len(old) - 1, -1, -1):
        word, row, below, mine, theirs = old[i], best[i], best[i + 1], ending[i], ending[i + 1]
        for j in range(len(new) - 1, -1, -1):
            value = below[j] if below[j] >= row[j + 1] else row[j + 1]
            if word.key == keys[j]:
                follows = theirs[j + 1] + RUN if theirs[j + 1] else 0.0
                mine[j] = word.weight + LEAST + max(below[j + 1], follows)
                value = max(value, mine[j])
            row[j] = value
    return _traced(best, ending, len(old), len(new))


def _traced(best: Sequence[Sequence[float]], ending: Sequence[Sequence[float]], olds: int, news: int) -> list[tuple[int, int]]:
    found, i, j, follows = [], 0, 0, False
    while i < olds and j < news:
        if ending[i][j] and (ending[i][j] == best[i][j] or (follows and ending[i][j] + RUN > best[i][j])):
            found.append((i, j))
            i, j, follows = i + 1, j + 1, True
        else:
            follows = False
            i, j = (i + 1, j) if best[i][j] == best[i + 1][j] else (i, j + 1)
    return found


def _without_islands(steps: Sequence[Step]) -> list[Step]:
    """What is kept between two replaced stretches by chance is replaced with them."""
    found: list[Step] = []
    for step in steps:
        found.append(step)
        while len(found) > 2 and _is_island(*found[-3:]):
            left, island, right = found[-3:]
            found[-3:] = [Step(False, [*left.old, *island.old, *right.old], [*left.new, *island.new, *right.new])]
    return found


def _is_island(left: Step, middle: Step, right: Step) -> bool:
    if not middle.kept or any(word.whole for word in middle.old):
        return False
    replaced = all(step.old and step.new for step in (left, right))
    if replaced and all(word.key in CLAUSE_MARKS for word in middle.old):
        return False  # clause for clause
    words = text_of(middle.old).strip()
    if len(words) <= 1:  # 3 日|内, 在|3 日: one Hanzi is enough only beside a figure that became another
        return words in LINKS or not words.isalnum() or not (_figures(left) or _figures(right))
    weight = sum(word.weight for word in middle.old)
    one_sided = not (left.old or right.old) or not (left.new or right.new)
    if one_sided or (replaced and _like_for_like(left) and _like_for_like(right)):
        return weight < 1
    return weight <= 1 or 3 * weight <= min(_size(left), _size(right))


def _like_for_like(step: Step) -> bool:
    """A word or two for a word or two, a figure for a figure."""
    return len(step.old) <= 2 and len(step.new) <= 2 and step.old[0].whole == step.new[0].whole


def _figures(step: Step) -> bool:
    """Whether one figure, code or title became another."""
    return len(step.old) == len(step.new) == 1 and step.old[0].whole and step.new[0].whole


def _size(step: Step) -> int:
    """Characters of the longer side."""
    return max(words[-1].end - words[0].start if words else 0 for words in (step.old, step.new))
