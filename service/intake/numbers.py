"""Numbers at the beginning of a line: 4.10, 1目的, 一、, （二）, 第三条, a), ①, — and what is none (3 年, 2022-08-19)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.text.characters import HANZI

_DIGITS = "零一二三四五六七八九"
_NUMERAL = "[零一二三四五六七八九十百]+"
# A number before one of these is a quantity; the exceptions are words that only begin alike (日常, 人员, 项目).
_UNIT = re.compile(
    r"\s*(?:年(?!度)|个|月(?!度)|日(?!常)|天|小时|分(?![工析类公布配级管层])|秒|人(?!员|力|事)|台(?!账)|件|次|元|名(?!称)|家(?!电)|类(?!别)|种类?|"
    r"项(?!目)|[万千百]|级(?!别)|号|周(?!期)|倍|条(?!件)|份|位|层|[%％℃]|[a-zA-Z]{1,3}\b)"
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered line. `key` tells numbers of one rank from another's: ("decimal", 2) for 4.1; `value` counts among its siblings."""

    key: tuple[str, int]
    value: int
    mark: str
    text: str
    path: tuple[int, ...] = ()  # of a decimal number: 4.10 is (4, 10)


@dataclass(frozen=True, slots=True)
class _Pattern:
    expression: re.Pattern[str]
    read: Callable[[re.Match[str]], Numbered | None]


def numbered(text: str) -> Numbered | None:
    """The number with which a line begins and the words after it, or None."""
    for pattern in _PATTERNS:
        found = pattern.expression.match(text)
        if found:
            read = pattern.read(found)
            if read:
                return read
    return None


def _decimal(found: re.Match[str]) -> Numbered | None:
    path = tuple(map(int, found[1].replace("．", ".").split(".")))
    if 0 in path or _UNIT.match(found[2]):
        return None
    return Numbered(("decimal", len(path)), path[-1], ".".join(map(str, path)), found[2].strip(), path)


def _counted(kind: str) -> Callable[[re.Match[str]], Numbered | None]:
    def read(found: re.Match[str]) -> Numbered | None:
        value = int(found[1]) if found[1].isdecimal() else hanzi_number(found[1])
        return Numbered((kind, 1), value, found.group()[: found.start(2)].strip(), found[2].strip()) if value else None

    return read


def _article(found: re.Match[str]) -> Numbered:
    value = int(found[1]) if found[1].isdecimal() else hanzi_number(found[1])
    rank = {"章": 1, "节": 2, "条": 3}[found[2]]
    return Numbered(("article", rank), value, f"第{found[1]}{found[2]}", found[3].strip())


def _letter(found: re.Match[str]) -> Numbered:
    return Numbered(("letter", 1), ord(found[1].lower()) - ord("a") + 1, found[1] + ")", found[2].strip())


def _circled(found: re.Match[str]) -> Numbered:
    return Numbered(("circled", 1), ord(found[1]) - ord("①") + 1, found[1], found[2].strip())


def _bullet(found: re.Match[str]) -> Numbered:
    return Numbered(("bullet", 1), 0, found[1], found[2].strip())


def hanzi_number(words: str) -> int:
    """十二 → 12; numbers up to 999."""
    total, digit = 0, 0
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return total + digit


_PATTERNS = (
    _Pattern(re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){1,3})(?![\d.．%％])[、.．,，\s]*(\D.*)"), _decimal),
    _Pattern(re.compile(rf"第({_NUMERAL}|\d{{1,3}})([章节条])[、.．:：\s]*(.*)"), _article),
    _Pattern(re.compile(rf"({_NUMERAL})[、.．]\s*(.+)"), _counted("hanzi")),
    _Pattern(re.compile(rf"[（(]({_NUMERAL})[）)][、.．]?\s*(.+)"), _counted("hanzi_parenthesis")),
    _Pattern(re.compile(r"[（(](\d{1,2})[）)][、.．]?\s*(.+)"), _counted("parenthesis")),
    _Pattern(re.compile(r"(\d{1,2})[）)][、.．]?\s*(.+)"), _counted("item_parenthesis")),
    _Pattern(re.compile(r"(\d{1,2})(?:[.．、]|[,，](?!\d))\s*(?!\d)(.+)"), _counted("item")),
    _Pattern(re.compile(r"([a-zA-Z])[)）.、]\s*(\S.*)"), _letter),
    _Pattern(re.compile(r"([①-⑳])\s*(.+)"), _circled),
    _Pattern(re.compile(rf"(\d{{1,2}})(?:\s+(?=\S)|(?={HANZI.pattern}))(?![\d\-—–])(.+)"), _decimal),
    _Pattern(re.compile(r"((?:——|[•●◆■▪◇]+|[-*](?=\s)))\s*(\S.*)"), _bullet),
)
