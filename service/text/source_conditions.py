"""Lines that hold only {% … %}: where each of them stands, so that a draft's text can be read as if every branch were taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from service.errors import InputError
from service.text.characters import clean_lines

OPEN, CLOSE, BREAK = "\ue010", "\ue011", "\ue012"
"""Around a condition's number where it stood; at the end of a line that stays one. No source can hold them (SENTINELS)."""

TAG = re.compile(r"\{%-?\s*(\w+)")
"""A condition's keyword; one line may hold several."""

_LINE = re.compile(r"^[ \t]*((?:\{%[^{}]*%\}[ \t]*)+)$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HARD = re.compile(r"(?<!\\)(?:\\\\)*\\$|  $")  # a line break that is one already
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
# What a line is: C condition, T table row, L first line of a list item, l its further lines, F fence, "" empty, p other words.
_Kinds = Sequence[str]
_BETWEEN = {"TT": "table", "LL": "list", "lL": "list", "pp": "inline"}
_WANTED = {"table": "T", "list": "Ll", "inline": "p"}


@dataclass(slots=True)
class Condition:
    """A condition's line. `place`: block (between blocks), inline (inside a paragraph), list, table; while reading also edge, else, odd.

    `before` and `after`: the nearest lines that are no conditions and touch it, if there are any.
    """

    number: int
    text: str
    row: int
    place: str = "edge"
    before: int | None = None
    after: int | None = None


@dataclass(slots=True)
class Reading:
    """The text without its conditions' lines, and where they stood. Keys of `above` and `below` are lines (0-based) of `text`."""

    text: str
    conditions: list[Condition]
    above: dict[int, list[str]] = field(default_factory=dict)
    below: dict[int, list[str]] = field(default_factory=dict)


def read_conditions(source: str) -> Reading:
    """The reading of a body. InputError `tangled` where a condition cuts through a block in a way that no tree can hold."""
    lines = clean_lines(source).split("\n")
    kinds = line_kinds(lines)
    rows = [row for row, kind in enumerate(kinds) if kind == "C"]
    found = [_placed(Condition(number, lines[row].strip(), row), kinds) for number, row in enumerate(rows)]
    for group in _groups(found):
        place = _settled(group, kinds)
        for condition in group:
            condition.place = place
    return _without(lines, found, kinds)


def line_kinds(lines: Sequence[str]) -> list[str]:
    """What each line is, by one letter: C for a line of conditions, F for one in a fence (see above)."""
    kinds: list[str] = []
    fence, last = "", "p"
    for line in lines:
        mark = _FENCE.match(line)
        if fence or mark:
            if mark and (not fence or mark[1].startswith(fence)):
                fence = "" if fence else mark[1]
            kinds.append("F")
        else:
            kinds.append(_kind(line, last))
        last = kinds[-1] if kinds[-1] not in ("", "C") else last
    return kinds


def _kind(line: str, last: str) -> str:
    if not line.strip():
        return ""
    if _LINE.match(line):
        return "C"
    if line.lstrip().startswith("|"):
        return "T"
    if _ITEM.match(line):
        return "L"
    return "l" if line[:1] in " \t" and last in "Ll" else "p"


def _placed(condition: Condition, kinds: _Kinds) -> Condition:
    """What it stands between; an edge is where it touches nothing on one side."""
    condition.before = _touching(range(condition.row - 1, -1, -1), kinds)
    condition.after = _touching(range(condition.row + 1, len(kinds)), kinds)
    if condition.before is not None and condition.after is not None:
        place = _BETWEEN.get(kinds[condition.before] + kinds[condition.after], "odd")
        alternative = place == "inline" and set(TAG.findall(condition.text)) <= {"else", "elif"}
        condition.place = "else" if alternative else place
    return condition


def _touching(rows: Iterable[int], kinds: _Kinds) -> int | None:
    for row in rows:
        if kinds[row] in ("", "F"):
            return None
        if kinds[row] != "C":
            return row
    return None


def _groups(found: Sequence[Condition]) -> list[list[Condition]]:
    """if … else … endif belong together; two tags on one line join their groups."""
    parent = list(range(len(found)))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    stack: list[int] = []
    for index, condition in enumerate(found):
        for tag in TAG.findall(condition.text):
            if tag in ("if", "for"):
                stack.append(index)
            elif stack:
                parent[root(index)] = root(stack[-1])
                if tag.startswith("end"):
                    stack.pop()
    groups: dict[int, list[Condition]] = {}
    for index, condition in enumerate(found):
        groups.setdefault(root(index), []).append(condition)
    return list(groups.values())


def _settled(group: Sequence[Condition], kinds: _Kinds) -> str:
    """The one place of conditions that belong together."""
    inner = {condition.place for condition in group} - {"edge", "else"}
    if not inner:
        return "block"
    if "odd" in inner or len(inner) > 1:
        raise _tangled(group[0])
    place = inner.pop()
    for condition in group:  # one at the edge must touch the same table, list or paragraph
        if not any(row is not None and kinds[row] in _WANTED[place] for row in (condition.before, condition.after)):
            raise _tangled(condition)
        if place == "table" and condition.before is None:
            raise _tangled(condition)
    return place


def _tangled(condition: Condition) -> InputError:
    return InputError(f"条件 {condition.text} 与正文的段落、列表或表格交叉，只能按源文本编辑", code="tangled")


def _without(lines: Sequence[str], found: list[Condition], kinds: _Kinds) -> Reading:
    by_row = {condition.row: condition for condition in found}
    reading = Reading("", found)
    kept: list[str] = []
    new: dict[int, int] = {}
    for row, line in enumerate(lines):
        condition = by_row.get(row)
        if condition is None:
            new[row] = len(kept)
            kept.append(line + (BREAK if _breaks(lines, kinds, row) else ""))
        elif condition.place == "block":
            kept += ["", f"{OPEN}{condition.number}{CLOSE}", ""]
        elif condition.place == "inline":
            kept.append(f"{OPEN}{condition.number}{CLOSE}")
    for condition in found:
        if condition.place in ("list", "table"):
            _attach(condition, kinds, reading, new.__getitem__)
    reading.text = "\n".join(kept)
    return reading


def _attach(condition: Condition, kinds: _Kinds, reading: Reading, line_of: Callable[[int], int]) -> None:
    """To the item or row below it, or, where there is none, to the one above it."""
    if condition.after is not None and kinds[condition.after] in "TL":
        reading.above.setdefault(line_of(condition.after), []).append(condition.text)
        return
    row = condition.before or 0
    while kinds[row] == "l":
        row -= 1
    reading.below.setdefault(line_of(row), []).append(condition.text)


def _breaks(lines: Sequence[str], kinds: _Kinds, row: int) -> bool:
    """A line break beside a variable stays one: whether it is a space or nothing depends on the value."""
    if row + 1 == len(lines) or kinds[row] not in ("p", "L", "l") or kinds[row + 1] not in ("p", "l") or _HARD.search(lines[row]):
        return False
    return lines[row].rstrip().endswith("}") or lines[row + 1].lstrip().startswith("{")
