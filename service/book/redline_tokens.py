"""The words of a line of Chinese text, as a redline may mark them: figures with their units, codes and 《…》 are never cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from service.book.model import Break
from service.book.redline_lexicon import LONGEST, WORDS
from service.text.characters import HANZI

ATOM = "\ufffc"
"""Stands in a text for what is no character: a line break, a page number."""


class Token(NamedTuple):
    """A word from `start` to `end`. Two are the same if their `key` is; `weight` says how much it means that both texts have it."""

    key: str
    start: int
    end: int
    weight: float
    whole: bool  # a figure, a code, a title: never cut, and never found in two texts by accident


_MARKS = "[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"  # they belong to the character before them
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNITS = (
    "个?(?:工作日|自然日|日历日)|个?(?:小时|月|季度|星期|学时)|分钟|公里|万元"
    "|(?:kg|km|cm|mm|MPa|min|kW|[%％‰℃日天秒年月周元角次份名人位件台套条项页倍分级星米hmVAWs])(?![A-Za-z])|个"
)
_HANZI_UNITS = "个?(?:工作日|自然日|日历日|小时|月|季度|星期|年)|分钟|万元|[日天秒年周元次份名人件台套条项页倍级星]"
_NUMERALS = "一二三四五六七八九十百千万两半"
_WHOLE = re.compile(
    r"《[^《》]*》"
    r"|\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)|\d{1,2}\s*月\s*\d{1,2}\s*日"
    rf"|(?:[≤≥<>＜＞±]\s*)?{_NUMBER}(?:\s*[-–—~～至×xX]\s*{_NUMBER})?\s*(?:{_UNITS})(?:/[年月季周日天次人台])?"
    r"|(?:GB|QB|SB|JB|HG|YY|DB|RB|ISO|IEC|CNAS|T)(?:/[A-Z]+)?\s?\d+(?:[-–—:./]\d+)*"
    r"|(?:[≤≥<>＜＞±]\s*)?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    rf"|(?:[≤≥<>＜＞±]\s*)?[A-Za-z0-9]+(?:[-–—~～./_:@#&+][A-Za-z0-9]+)*(?!{_MARKS})"
    rf"|百分之[{_NUMERALS}]{{1,8}}|[{_NUMERALS}]{{1,8}}(?:{_HANZI_UNITS})"
)
_HANZI_RUN = re.compile(rf"(?:{HANZI.pattern}(?!{_MARKS}))+")
_SPACE = re.compile(r"\s+")
_SINGLE = re.compile(rf".(?:{_MARKS}|(?<=\u200d).)*", re.DOTALL)

LINKS = frozenset("的了和与及或等并地得而")
PARTICLES = LINKS | frozenset("在是为有对按由其应须将把被从到之于以向后前内中时所该各不且则即再后")
CLAUSE_MARKS = frozenset("，、：,:")
_ENDS = frozenset("。！？；!?;")
_LINE_BREAK = ATOM + repr(Break())
_CLOSERS = frozenset("”’」』）)》】")


def tokens(text: str, atoms: Mapping[int, str]) -> list[Token]:
    """`text` without a gap. `atoms` names what stands at an ATOM of it, by its place."""
    found, place = [], 0
    while place < len(text):
        if place in atoms:
            found.append(Token(ATOM + atoms[place], place, place + 1, 1, True))
            place += 1
            continue
        for token in _next(text, place, atoms):
            found.append(token)
            place = token.end
    return found


def _next(text: str, place: int, atoms: Mapping[int, str]) -> Iterator[Token]:
    if run := _HANZI_RUN.match(text, place):
        yield from _hanzi(text, place, run.end())
    elif (whole := _WHOLE.match(text, place)) and not any(at in atoms for at in range(*whole.span())):
        yield Token(whole[0], place, whole.end(), 3, True)
    elif space := _SPACE.match(text, place):
        yield Token(space[0], place, space.end(), 0, False)
    else:
        single = _SINGLE.match(text, place)
        end = single.end() if single else place + 1
        yield Token(text[place:end], place, end, 0.1, False)


def _hanzi(text: str, start: int, end: int) -> Iterator[Token]:
    """A run of Hanzi; a figure written in Hanzi is a word."""
    while start < end:
        figure = next((found for at in range(start, end) if text[at] in _NUMERALS and (found := _WHOLE.match(text, at, end))), None)
        yield from reversed(list(_listed(text, start, figure.start() if figure else end)))
        if figure:
            yield Token(figure[0], figure.start(), figure.end(), 3, True)
        start = figure.end() if figure else end


def _listed(text: str, start: int, end: int) -> Iterator[Token]:
    """The longest listed words from the end backwards (质量|部|分析, not 质量|部分|析); what is not listed is a word of one character."""
    while start < end:
        length = next((size for size in range(min(LONGEST, end - start), 1, -1) if text[end - size : end] in WORDS), 1)
        word = text[end - length : end]
        yield Token(word, end - length, end, 0.5 if word in PARTICLES else length, False)
        end -= length


def sentences(words: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the sentences begin and end, in tokens; a line break ends one too."""
    found, start = [], 0
    for place, word in enumerate(words):
        ends = word.key in _ENDS or word.key == _LINE_BREAK
        follows = place + 1 < len(words) and (words[place + 1].key in _CLOSERS or words[place + 1].key in _ENDS)
        closes = word.key in _CLOSERS and place > start and words[place - 1].key in _ENDS
        if (ends or closes) and not follows:
            found.append((start, place + 1))
            start = place + 1
    return [*found, (start, len(words))] if start < len(words) else found
