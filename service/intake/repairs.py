"""Repairs inside a line: characters that only look right, spaces, punctuation, numbers of standards. Words are never changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.intake.decode import Line
from service.intake.model import Remark, Repair
from service.text.characters import HANZI

AROUND = 8
_H = HANZI.pattern
_WIDE = str.maketrans(",;:?!.", "\uff0c\uff1b\uff1a\uff1f\uff01\u3002")
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064]")
_SPACES = re.compile(r"[^\S\n]+")
_BESIDE = re.compile(r"\s+(?=[，。；：、！？）》」』”])|(?<=[，。；：、！？（《「『“])\s+")
_HALF = re.compile(rf"(?<=[{_H[1:-1]}》）”%])[,;:?!](?!\d)|(?<=\w)[,;?!](?=[{_H[1:-1]}《“])|(?<={_H})\.(?=\s*$)")
_PAREN = re.compile(rf"\(([^()]*{_H}[^()]*)\)|(?<={_H})\(([^()]*)\)")
_STANDARD = re.compile(
    r"(?<![A-Za-z])(?P<body>[A-Z]{2}(?:/[TZ])?)\s*(?P<number>\d{3,6}(?:\.\d+)?)"
    r"(?P<dash>\s*(?:[-\u2010-\u2015\uff0d]\s*){1,2})(?P<year>(?:19|20)\d{2})(?!\d)"
)
_DOUBLE = re.compile(r"([，；：、])\1+|。{2}(?!。)")


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    mend: Callable[[str], str]
    message: str


_RULES = (
    _Rule("invisible", lambda text: _INVISIBLE.sub("", text), "删去看不见的字符"),
    _Rule("compatible", lambda text: _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text), "换成通用的字形"),
    _Rule("spaces", lambda text: _BESIDE.sub("", _SPACES.sub(" ", text).strip()), "多余的空格已删去"),
    _Rule(
        "standard_number",
        lambda text: _STANDARD.sub(_standard, text),
        "标准号已写成通行的形式",
    ),
    _Rule(
        "punctuation",
        lambda text: _BESIDE.sub("", _HALF.sub(lambda found: found.group().translate(_WIDE), _PAREN.sub(_parentheses, text))),
        "中文里的半角标点换成全角",
    ),
    _Rule("double_punctuation", lambda text: _DOUBLE.sub(lambda found: found.group()[0], text), "重复的标点只留一个"),
)
# Things that only somebody who knows the original can put right.
_LOST = (
    ("mojibake", re.compile("\ufffd|锟斤拷|烫烫烫"), "有乱码，请按原文更正"),
    ("missing_word", re.compile(r"[及和与或](?=[，。；])|的(?=[和及与])|(?<!人民)共和国"), "这里可能漏了词，请按原文核对"),
    ("missing_edition", re.compile(r"》\s*版(?=[，。；])"), "版本没有填写"),
    (
        "double_comparator",
        re.compile(r"[>＞≥]\s*\d+(?:\.\d+)?\s*[%％]?\s*以上|[<＜≤]\s*\d+(?:\.\d+)?\s*[%％]?\s*以[下内]"),
        "比较符号与“以上”“以下”重复",
    ),
)


def repaired(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Repair, ...]]:
    """(lines with the same numbers, one repair per line and kind)."""
    found = [mended(line) for line in lines]
    return tuple(Line(line.number, text) for line, (text, _) in zip(lines, found, strict=True)), tuple(
        repair for _, repairs in found for repair in repairs
    )


def mended(line: Line) -> tuple[str, tuple[Repair, ...]]:
    """(the line's words without margins and with every rule applied, what was done)."""
    text = line.text.strip()
    repairs: list[Repair] = []
    for rule in _RULES:
        better = rule.mend(text)
        if better != text:
            repairs.append(Repair(rule.code, line.number, *_difference(text, better), rule.message))
        text = better
    return text, tuple(repairs)


def suspicions(line: Line) -> Iterator[Remark]:
    """What seems lost in a line and cannot be mended here."""
    for code, pattern, message in _LOST:
        for found in pattern.finditer(line.text):
            yield Remark(code, line.number, line.text[max(0, found.start() - AROUND) : found.end() + AROUND], message)


def _standard(found: re.Match[str]) -> str:
    """GB/T 27922-2011 or GB/T 27922—2011: both are usual."""
    dash = found["dash"] if found["dash"] in ("-", "\u2014") else "-"
    return f"{found['body']} {found['number']}{dash}{found['year']}"


def _parentheses(found: re.Match[str]) -> str:
    return f"\uff08{found[1] if found[1] is not None else found[2]}\uff09"


def _difference(before: str, after: str) -> tuple[str, str]:
    """The words around the first difference, in both."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    start = max(0, start - AROUND)
    return before[start : start + 2 * AROUND + 1], after[start : start + 2 * AROUND + 1]
