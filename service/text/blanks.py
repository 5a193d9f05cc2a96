"""Blanks and leftovers: what nobody filled in, or what was left of another company's text. They are named, never filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.text.characters import HANZI
from service.text.model import Procedure
from service.text.walk import placed_leaves

AROUND = 16  # characters of context on either side of a blank


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank: a stable code, where it is (`section` is an anchor or ""), the words around it, a Chinese sentence."""

    code: str
    section: str
    quote: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    pattern: re.Pattern[str]
    message: str


_H = HANZI.pattern
_RULES = (
    _Rule("unfilled_variable", re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}|\{\{|【待填[^】]*】"), "变量还没有填写：{0}"),
    _Rule("leftover_mmm", re.compile(r"(?<![A-Za-z])[mM]{3,}(?![A-Za-z])"), "“{0}”是模板中留下的代号，应换成实际的名称"),
    _Rule(
        "leftover_company",
        re.compile(r"(?:[×xX✕＊*○〇]{2,}|某(?![些种一]))[^\s，。、；：,;:《》]{0,5}?(?:公司|企业|集团|厂)"),
        "“{0}”不是实际的企业名称",
    ),
    _Rule("bracket_blank", re.compile(r"【[\s\u3000]*】|［[\s\u3000]*］"), "括号里没有填写内容"),
    _Rule(
        "blank_phone",
        re.compile(
            r"(?<!下列)(?<!以下)(?<!如下)(?:电话|热线|传真|手机|号码)(?:号码)?\s*(?:是|为|(?:是|为)?[:\uff1a])\s*[_\uff3f]*(?=[，。；、,.;)\uff09]|$)"
        ),
        "号码没有填写",
    ),
    _Rule("censored", re.compile(rf"(?<={_H})[*＊](?={_H})|(?<={_H})[*＊]{{2,}}|[*＊]{{2,}}(?={_H})"), "有字被星号遮盖，应按原意补全"),
    _Rule("empty_reference", re.compile(r"《[\s\u3000]*》"), "书名号里没有文件名称"),
    _Rule("underscore_blank", re.compile(r"[_\uff3f]{3,}"), "有一处横线空格没有填写"),
)


def blanks(procedure: Procedure) -> tuple[Blank, ...]:
    """The blanks of a text in reading order. A record form's empty fields are there to be filled in and are none."""
    return tuple(
        Blank(code, section.anchor if section else "", quote, leaf.line, message)
        for section, leaf in placed_leaves(procedure)
        for code, quote, message in (_in_form(leaf.text) if leaf.form else blanks_of(leaf.text))
    )


def blanks_of(text: str) -> Iterator[tuple[str, str, str]]:
    """(code, words around, message) of every blank in one stretch of running text; at one place only the first rule counts."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, tuple[str, str, str]]] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append((match.start(), (rule.code, _around(text, match), rule.message.format(match.group()))))
    yield from (blank for _, blank in sorted(found))


_IN_FORMS = frozenset({"unfilled_variable", "leftover_mmm", "leftover_company", "censored", "empty_reference"})


def _in_form(text: str) -> Iterator[tuple[str, str, str]]:
    return (blank for blank in blanks_of(text) if blank[0] in _IN_FORMS)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - AROUND) : match.end() + AROUND].strip()
