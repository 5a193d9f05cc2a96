"""What a draft's text says whichever branches its conditions take: the measure of whether another spelling means the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from service.errors import InputError
from service.text.blocks import Body, groups, read_block
from service.text.grammar import block_tokens
from service.text.model import Block, Paragraph

MOST_CHOICES = 64
_TAG = re.compile(r"(\{%[^{}]*%\})")
_WORD = re.compile(r"\{%-?\s*(\w+)[^{}]*%\}")
_LINES = re.compile(r"^[ \t]*((?:\{%[^{}]*%\}[ \t]*)+)\n", re.MULTILINE)  # they leave no line behind when they are filled


@dataclass(slots=True)
class _Group:
    """if … elif … else … endif, or for … endfor. A branch is words and groups in their order."""

    loop: bool
    branches: list[list[str | _Group]] = field(default_factory=lambda: [[]])
    whole: bool = False  # it has an else: one of its branches is always printed

    @property
    def ways(self) -> int:
        """How many ways there are: a loop may run never, once or twice."""
        return 3 if self.loop else len(self.branches) + (not self.whole)


Loose = tuple[tuple[str, ...], tuple[str, ...]]


def loose_tags(text: str) -> Loose:
    """(tags that close or part what was opened before the text, openers that are closed after it). A closing tag that does not
    fit what it closes is an InputError."""
    before: list[str] = []
    stack: list[str] = []
    for tag in _WORD.findall(text):
        if tag in ("if", "for"):
            stack.append(tag)
        elif tag.startswith("end"):
            _close(tag, stack, before)
        elif not stack:
            before.append(tag)
    return tuple(before), tuple(stack)


def _close(tag: str, stack: list[str], before: list[str]) -> None:
    if not stack:
        before.append(tag)
    elif stack.pop() != tag.removeprefix("end"):
        raise InputError("条件的开头和结尾没有成对，请恢复被删去的条件", code="unbalanced_condition")


def same_meaning(one: str, other: str) -> bool:
    """Whether two bodies say the same for every choice of branches that is tried: all of them up to MOST_CHOICES.

    Variables stand for themselves, fences are compared as they are written.
    """
    if _TAG.findall(one) != _TAG.findall(other):
        return False
    trees = _tree(one), _tree(other)
    ways = [group.ways for group in _all_groups(trees[0])]
    return all(_said(_taken(trees[0], iter(choice))) == _said(_taken(trees[1], iter(choice))) for choice in _choices(ways))


def _tree(text: str) -> list[str | _Group]:
    """Words and groups; what closes or parts a group that was opened elsewhere is left out."""
    top: list[str | _Group] = []
    stack: list[_Group] = []
    for index, part in enumerate(_TAG.split(_LINES.sub(r"\1", text + "\n"))):
        here = stack[-1].branches[-1] if stack else top
        if not index % 2:
            here.append(part)
            continue
        tag = _WORD.findall(part)[0] if _WORD.match(part) else ""
        if tag in ("if", "for"):
            stack.append(_Group(tag == "for"))
            here.append(stack[-1])
        elif tag.startswith("end") and stack:
            stack.pop()
        elif stack:
            stack[-1].whole = stack[-1].whole or tag == "else"
            stack[-1].branches.append([])
    return top


def _all_groups(parts: Sequence[str | _Group]) -> Iterator[_Group]:
    for part in parts:
        if isinstance(part, _Group):
            yield part
            for branch in part.branches:
                yield from _all_groups(branch)


def _choices(ways: Sequence[int]) -> Iterator[Sequence[int]]:
    """A way for every group: every combination, or, where they are too many, each way for all and each other one alone."""
    total = 1
    for count in ways:
        total *= count
    if total <= MOST_CHOICES:
        yield from product(*map(range, ways))
        return
    yield from islice((tuple(min(way, count - 1) for count in ways) for way in range(max(ways))), MOST_CHOICES)
    for place, count in enumerate(ways):
        for way in range(1, count):
            yield tuple(way if place == other else 0 for other in range(len(ways)))


def _taken(parts: Sequence[str | _Group], choice: Iterator[int]) -> str:
    """The text with one way of every group; `choice` gives each group's in the order in which they stand."""
    words = []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        way = next(choice)
        branches = [_taken(branch, choice) for branch in part.branches]  # of all, for their choices are there
        words.append(branches[0] * way if part.loop else branches[way] if way < len(branches) else "")
    return "".join(words)


Said = tuple[Block | tuple[str, str], ...] | None


def _said(text: str) -> Said:
    """The blocks of a text, None where it cannot be read (a table of which only the head is left)."""
    body = Body("", text.split("\n"), 0)
    found: list[Block | tuple[str, str]] = []
    try:
        for group in groups(block_tokens(text)):
            if group[0].type == "fence":
                found.append((group[0].info.strip(), group[0].content.strip("\n")))
            elif (block := read_block(group, body)) != Paragraph(()):
                found.append(block)
    except InputError:
        return None
    return tuple(found)
