"""Whatever is asked: nothing is found outside what may be found, nothing that is excluded, and exactly what the words say.

The reference below reads texts as lists of single characters and words, and knows nothing of the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.texts import entry, key
from service.errors import InputError
from service.search.port import Entry, Section
from service.search.query import Field, Key, Query, Word, build
from service.search.whoosh_index import WhooshIndex

HANZI = "投诉处理记录"
WORDS = ("投诉", "处理", "投诉处理", "诉处", "记录", "录", "投", "qp", "qp 12", "12", "a 1", "0.5", "5", "理记")
TEXTS = (
    "投诉处理记录",
    "投诉、处理",
    "处理 记录",
    "记录投诉",
    "QP-12 投诉",
    "ＱＰ－１２",
    "A/1 版",
    "0.5 小时",
    "５ 小时投诉",
    "qp 处理 12",
    "记 录",
)
FIELDS = ("", "标题:", "编号:", "条款:", "章节:", "正文:")


def _corpus() -> Iterator[Entry]:
    """Texts of every combination, small enough that no hit is left out for its like."""
    for number in range(40):
        words = [TEXTS[(number * 7 + step * 3) % len(TEXTS)] for step in range(6)]
        yield entry(
            f"QP-{number}", words[0], (words[1], words[2]), (words[3], f"{words[4]}。{words[5]}"), head=words[5] if number % 3 else ""
        )


CORPUS = tuple(_corpus())
ALL = [each.revision for each in CORPUS]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    """The corpus in files of several sizes, some of it replaced and some removed once."""
    index = WhooshIndex(tmp_path_factory.mktemp("full") / "index")
    index.add([entry(each.number, "投诉处理", ("投诉处理记录", "投诉处理记录 QP-12 A/1 0.5 5")) for each in CORPUS[:30]])
    index.add([entry("gone", "投诉处理记录 QP-12", ("投诉", "处理"))])
    for start in range(0, 40, 10):
        index.add(CORPUS[start : start + 10])
    index.remove([key("gone")])
    return index


def tokens(text: str) -> list[str]:
    """Hanzi one by one, words of letters, numbers without leading zeros; a bar where a run ends."""
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else " " if c == "　" else c for c in text).lower()
    half = re.sub(r"(?<=[一-鿿])[ \t]+(?=[一-鿿])", "", half)
    found: list[str] = []
    for run in re.findall(r"[一-鿿]+|[a-z]+|[0-9]+(?:\.[0-9]+)*", half):
        found += [*(["|"] if found else []), *(run if run[0] >= "一" else [run if "." in run else run.lstrip("0") or "0"])]
    return found


def stands_in(words: list[str], text: str) -> bool:
    said = tokens(text)
    return any(said[at : at + len(words)] == words for at in range(len(said) - len(words) + 1))


def has(word: Word, each: Entry, section: Section, *, own: bool = False) -> bool:
    parts = {
        Field.TITLE: [each.title],
        Field.NUMBER: [each.number],
        Field.CLAUSE: [section.clause],
        Field.SECTION: [section.clause, section.title],
        Field.BODY: [section.text],
    }
    outside = {Field.TITLE, Field.NUMBER} if own else set()
    fields = set(Field) if word.field is None else {word.field}
    wanted = tokens(word.pattern)
    return any(stands_in(wanted, part) for field in fields - outside for part in parts[field])


def expected(query: Query) -> set[tuple[Key, str]]:
    """What must be found, by the rules as they are told to people."""
    return {
        (each.revision, section.anchor)
        for each in CORPUS
        if each.revision in query.within
        for section in each.sections
        if all(has(word, each, section) for word in query.required)
        and not any(has(word, each, section) for word in query.forbidden)
        and (section.anchor == "" or any(has(word, each, section, own=True) for word in query.required))
    }


PART = st.builds(
    lambda sign, field, quote, word: f"{sign}{field}" + (f"“{word}”" if quote else word.replace(" ", "-")),
    st.sampled_from(["", "", "-"]),
    st.sampled_from(["", "", "", *FIELDS]),
    st.booleans(),
    st.sampled_from(WORDS) | st.text(alphabet=HANZI, min_size=1, max_size=4),
)
SCOPES = st.frozensets(st.sampled_from(ALL))


@settings(max_examples=400, deadline=None)
@given(parts=st.lists(PART, min_size=1, max_size=5), within=SCOPES | st.just(frozenset(ALL)))
def test_random_boolean_query_finds_what_its_words_say(full: WhooshIndex, parts: list[str], within: frozenset[Key]) -> None:
    try:
        query = build(" ".join(parts), within)
    except InputError:
        return
    answer = full.search(query, 10_000)
    found = {(match.revision, match.section.anchor) for match in answer.matches}
    wanted = expected(query)
    if wanted:
        assert not answer.is_near
        assert found == wanted
    assert {revision for revision, _ in found} <= within
    by_key = {each.revision: each for each in CORPUS}
    for match in answer.matches:
        assert not any(has(word, by_key[match.revision], match.section) for word in query.forbidden)


@settings(max_examples=400, deadline=None)
@given(
    text=st.text(alphabet=f"{HANZI}qp012.5 -“”\"':：标题编号章节*?()（）|&~，/\n", max_size=60) | st.text(max_size=60),
    within=SCOPES,
)
def test_no_hit_or_suggestion_is_outside_what_may_be_found(full: WhooshIndex, text: str, within: frozenset[Key]) -> None:
    numbers = {each.number for each in CORPUS if each.revision in within}
    assert {each.number for each in full.suggest(text, within, 50)} <= numbers
    try:
        query = build(text, within)
    except InputError:
        return
    assert {match.revision for match in full.search(query, 10_000).matches} <= within


def test_nobody_finds_anything_within_nothing(full: WhooshIndex) -> None:
    assert full.search(build("投诉", frozenset()), 100).matches == ()
    assert full.suggest("投", frozenset(), 10) == []


def test_unknown_revision_within_finds_nothing(full: WhooshIndex) -> None:
    assert full.search(build("投诉", frozenset({key("never"), key("gone")})), 100).matches == ()
