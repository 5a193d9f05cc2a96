"""The query language, and the one builder of queries: what people type and what they may find become one flat, engine-neutral query. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.errors import InputError
from service.search.words import Run, fold, pattern, runs

LONGEST_QUERY, MOST_WORDS = 200, 32
Key = str
"""A revision's id as 32 hex digits: thousands of them are compared for one search."""


class Field(StrEnum):
    """Where a word may be asked to stand."""

    TITLE = "title"
    NUMBER = "number"
    CLAUSE = "clause"
    SECTION = "section"
    BODY = "body"


FIELD_NAMES: Mapping[str, Field] = {
    "标题": Field.TITLE,
    "编号": Field.NUMBER,
    "条款": Field.CLAUSE,
    "章节": Field.SECTION,
    "正文": Field.BODY,
    **{field.value: field for field in Field},
}
"""Prefixes of the query language: `标题:投诉`, `number:QP-12`."""

_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』"}
_PREFIX = re.compile(rf"({'|'.join(FIELD_NAMES)}):\s*")
_JOINERS = re.compile(r"[-‐‑‒–—−_/\\.·:~+#&'\s]*")  # what may stand inside a code: GB/T 27922-2011 within quotes, QP-12, A/1


@dataclass(frozen=True, slots=True)
class Word:
    """A word, code or phrase that is looked for (see `words.pattern`), in one field or anywhere."""

    pattern: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: sections of the revisions `within` that hold all `required` and none of the `forbidden` words.

    It is flat on purpose. `within` is the permission and every filter in one set of revisions; an engine looks nowhere else, and neither
    it nor a NOT can be lost in a branch, because there are none. `whole` is the pattern of everything required: what has it is better.
    """

    required: tuple[Word, ...]
    forbidden: tuple[Word, ...]
    whole: str
    within: frozenset[Key]


def build(text: str, within: frozenset[Key]) -> Query:
    """The query that `text` means among these revisions. Blanks join (AND), “…” is a phrase, -word excludes, 标题:word names a field.

    InputError for a text that is too long, has nothing to look for, or only says what is not wanted.
    """
    if len(text) > LONGEST_QUERY:
        raise InputError(f"查询最多 {LONGEST_QUERY} 个字，请只写要查找的词", code="query_too_long")
    parts = list(_parts(text))
    required = tuple(dict.fromkeys(word for word, excluded in parts if not excluded))
    forbidden = tuple(dict.fromkeys(word for word, excluded in parts if excluded))
    if not parts:
        raise InputError("请输入要查找的词，例如：投诉处理", code="query_empty")
    if not required:
        raise InputError("查询只有要排除的词，请再写上要查找的词", code="query_only_excludes")
    if len(required) + len(forbidden) > MOST_WORDS:
        raise InputError(f"查询最多 {MOST_WORDS} 个词，请减少一些", code="query_too_many_words")
    free = [run for word in required if word.field is None for run in runs(word.pattern)]
    return Query(required, forbidden, pattern(free), within)


def _parts(text: str) -> Iterator[tuple[Word, bool]]:
    """(word, whether it is excluded) for every part of the text."""
    folded, at = fold(text), 0
    while at < len(folded):
        if folded[at].isspace():
            at += 1
            continue
        excluded = folded[at] == "-"
        at += excluded
        prefix = _PREFIX.match(folded, at)
        at = prefix.end() if prefix else at
        field = FIELD_NAMES[prefix.group(1)] if prefix else None
        patterns, at = _value(folded, at)
        yield from ((Word(each, field), excluded) for each in patterns)


def _value(text: str, at: int) -> tuple[list[str], int]:
    """The patterns of the phrase or word that begins here, and where it ends. A quotation mark without its partner is punctuation."""
    closing = text.find(_QUOTES[text[at]], at + 1) if text[at : at + 1] in _QUOTES else -1
    if closing > at:
        phrase = pattern(runs(text[at + 1 : closing]))
        return [phrase] if phrase else [], closing + 1
    end = next((i for i in range(at, len(text)) if text[i].isspace() or (i > at and text[i] in _QUOTES)), len(text))
    return list(_words(text[at:end])), max(end, at + 1)


def _words(text: str) -> Iterator[str]:
    """The words between punctuation; marks inside a code do not part it."""
    joined: list[Run] = []
    for run in runs(text):
        between = text[joined[-1].end : run.start] if joined else ""
        is_code = joined and not run.is_hanzi and not joined[-1].is_hanzi
        if joined and between and not (is_code and _JOINERS.fullmatch(between)):
            yield pattern(joined)
            joined = []
        joined.append(run)
    if joined:
        yield pattern(joined)
