"""A text's sections as they are written: one body replaced, sections renamed, added, moved and deleted, and nothing else touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import InputError, NotFound, Refused, ServiceError
from service.settings import ROOT
from service.text.parse import parse_procedure
from service.text.source_outline import with_heading, with_new_section, with_section_moved, without_section
from service.text.source_sections import section_bodies, with_section
from text.samples import FRONT, REPAIR

SHIPPED = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "templates" / "docs").glob("*/**/*.md"))}
CLAIMED = FRONT.replace("department: service\n", "department: service\nclaims:\n  - {indicator: 5.2.4.1, elements: [1], section: accept}\n")
TEXT = (
    FRONT
    + """
## 目的

甲。

## 程序及要求

乙。

### 受理 {#accept}

丙。

{% if choices.makes %}
### 维修

丁。

#### 上门

戊。
{% endif %}

### 派工

己。
"""
)
REPAIR_ANCHOR = next(section.anchor for section in section_bodies(TEXT) if section.title == "维修")
DISPATCH = next(section.anchor for section in section_bodies(TEXT) if section.title == "派工")


def outline(source: str) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in section_bodies(source)]


def anchors(source: str) -> dict[str, str]:
    return {section.title: section.anchor for section in section_bodies(source)}


def code(error: pytest.ExceptionInfo[ServiceError]) -> str:
    return error.value.code


def test_sections_are_those_of_the_parsed_text() -> None:
    parsed = parse_procedure(REPAIR)
    sections = section_bodies(REPAIR)
    assert [(s.anchor, s.title, s.level, s.clause, s.line) for s in sections] == [
        (s.anchor, s.title, s.level, s.clause, s.line) for s in parsed.sections
    ]
    assert sections[0].body == "使每一件报修都有人管、有结果。\n"


def test_lines_of_a_section_are_where_they_stand_in_the_text() -> None:
    lines = REPAIR.split("\n")
    for section in section_bodies(REPAIR):
        assert section.title in lines[section.line - 1]
        assert section.body.strip() in "\n".join(lines[section.body_line - 1 : section.end_line - 1])


def test_a_form_is_one_section_without_heading() -> None:
    form = FRONT + "\n```form\n# 甲\n```\n"
    [section] = section_bodies(form)
    assert (section.anchor, section.level, section.body) == ("", 0, "```form\n# 甲\n```\n")
    assert with_section(form, "", "乙。\n") == FRONT + "\n乙。\n"


def test_nothing_is_lost_between_the_sections() -> None:
    for source in SHIPPED.values():
        lines = source.split("\n")
        said = "\n".join(line for line in lines if line.strip())
        sections = section_bodies(source)
        front = lines[: sections[0].line - 1]
        parts = [*front, *(line for s in sections for line in [*lines[s.line - 1 : s.body_line - 1], *s.body.split("\n")])]
        assert "\n".join(line for line in parts if line.strip()) == said


def test_an_unchanged_body_changes_no_byte() -> None:
    for source in SHIPPED.values():
        assert all(with_section(source, section.anchor, section.body) == source for section in section_bodies(source))


def test_one_changed_body_leaves_every_other_byte() -> None:
    for source in SHIPPED.values():
        for section in section_bodies(source):
            changed = with_section(source, section.anchor, "新的一段。\n\n" + section.body) if section.body else source
            assert changed.replace("新的一段。\n\n", "", 1) == source


def test_a_body_for_an_empty_section_stands_apart_from_the_headings() -> None:
    assert with_section(FRONT + "\n## 目的\n## 范围\n", "purpose", "甲。\n") == FRONT + "\n## 目的\n\n甲。\n\n## 范围\n"
    assert with_section(FRONT + "\n## 目的", "purpose", "甲。") == FRONT + "\n## 目的\n\n甲。\n"


def test_a_body_can_be_emptied() -> None:
    assert with_section(FRONT + "\n## 目的\n\n甲。\n\n## 范围\n\n乙。\n", "purpose", "") == FRONT + "\n## 目的\n\n## 范围\n\n乙。\n"


def test_line_ends_of_windows_stay() -> None:
    source = TEXT.replace("\n", "\r\n")
    assert with_section(source, "purpose", "新。\n") == with_section(TEXT, "purpose", "新。\n").replace("\n", "\r\n")


@pytest.mark.parametrize("body", ["甲。\n\n## 乙\n\n丙。\n", "甲\n===\n", "```flow\na[甲] --> b[乙]\n", "### 受理 {#accept}\n"])
def test_a_body_with_a_heading_or_an_open_fence_is_refused(body: str) -> None:
    with pytest.raises(InputError):
        with_section(TEXT, "accept", body)


def test_a_body_cannot_lose_the_condition_of_the_next_section() -> None:
    assert section_bodies(TEXT)[2].body.endswith("{% if choices.makes %}\n")
    with pytest.raises(InputError) as error:
        with_section(TEXT, "accept", "丙。\n")
    assert code(error) == "unbalanced_condition"


def test_a_section_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound):
        with_section(TEXT, "nowhere", "甲。\n")


# Restructuring


def test_a_renamed_section_keeps_its_anchor_and_everything_else() -> None:
    renamed = with_heading(TEXT, "purpose", "目的和依据")
    assert renamed == TEXT.replace("## 目的\n", "## 目的和依据 {#purpose}\n")
    assert with_heading(TEXT, "accept", "报修受理") == TEXT.replace("### 受理 {#accept}", "### 报修受理 {#accept}")
    assert with_heading(TEXT, "purpose", "目的") == TEXT


@pytest.mark.parametrize("title", ["", "  ", "甲" * 101, "甲\u202e", "{% if a %}", "甲{#b}"])
def test_a_title_that_cannot_be_one_is_refused(title: str) -> None:
    with pytest.raises(InputError) as error:
        with_heading(TEXT, "accept", title)
    assert code(error) == "bad_title"


def test_marks_in_a_title_are_only_words() -> None:
    renamed = with_heading(TEXT, "accept", "*受理* ## [1]")
    assert section_bodies(renamed)[2].title == "*受理* ## [1]"


def test_a_new_section_stands_behind_all_that_is_below_the_other() -> None:
    added, anchor = with_new_section(TEXT, REPAIR_ANCHOR, "送修")
    assert outline(added) == [(1, "目的"), (1, "程序及要求"), (2, "受理"), (2, "维修"), (3, "上门"), (2, "送修"), (2, "派工")]
    assert anchors(added)["送修"] == anchor
    assert added.replace("### 送修\n\n", "") == TEXT


def test_a_new_section_may_be_below_another_or_the_first() -> None:
    assert (2, "依据") in outline(with_new_section(TEXT, "purpose", "依据", below=True)[0])
    assert outline(with_new_section(TEXT, "", "说明")[0])[0] == (1, "说明")
    assert with_new_section(FRONT + "\n甲。\n", "", "说明")[0] == FRONT + "\n甲。\n\n## 说明\n"
    with pytest.raises(InputError) as error:
        with_new_section(TEXT, anchors(TEXT)["上门"], "深", below=True)
    assert code(error) == "too_deep"


def test_a_section_goes_with_its_condition_and_all_below_it() -> None:
    without = without_section(TEXT, REPAIR_ANCHOR)
    assert outline(without) == [(1, "目的"), (1, "程序及要求"), (2, "受理"), (2, "派工")]
    assert "{%" not in without
    assert section_bodies(without)[2].body == "丙。\n"


def test_a_section_that_shares_a_condition_stays() -> None:
    with pytest.raises(InputError) as error:
        without_section(TEXT, anchors(TEXT)["上门"])
    assert code(error) == "section_in_condition"


def test_a_claimed_section_is_not_deleted() -> None:
    claimed = TEXT.replace(FRONT, CLAIMED)
    with pytest.raises(Refused) as error:
        without_section(claimed, "procedure")
    assert code(error) == "section_claimed"
    assert (1, "目的") not in outline(without_section(claimed, "purpose"))


def test_neighbours_change_places_with_all_below_them() -> None:
    up = with_section_moved(TEXT, DISPATCH, up=True)
    assert outline(up) == [(1, "目的"), (1, "程序及要求"), (2, "受理"), (2, "派工"), (2, "维修"), (3, "上门")]
    assert section_bodies(up)[2].body == "丙。\n"
    assert with_section_moved(up, DISPATCH, up=False) == TEXT
    assert outline(with_section_moved(TEXT, "purpose", up=False))[-1] == (1, "目的")


def test_the_first_cannot_go_up_nor_the_last_down() -> None:
    for anchor, up in (("accept", True), (DISPATCH, False), ("purpose", True)):
        with pytest.raises(Refused) as error:
            with_section_moved(TEXT, anchor, up=up)
        assert code(error) == "no_neighbour"


def test_sections_of_one_title_keep_their_anchors_when_they_change_places() -> None:
    source = FRONT + "\n## 检查\n\n甲。\n\n## 检查\n\n乙。\n"
    first, second = (section.anchor for section in section_bodies(source))
    moved = with_section_moved(source, second, up=True)
    assert [(section.anchor, section.body) for section in section_bodies(moved)] == [(second, "乙。\n"), (first, "甲。\n")]
    alone = without_section(source, first)
    assert section_bodies(alone)[0].anchor == second


TITLES = st.sampled_from(["目的", "检查", "受理", "检查 2", "# 甲"])
CHANGES: dict[str, Callable[[str, str, str], str]] = {
    "add": lambda source, anchor, title: with_new_section(source, anchor, title)[0],
    "below": lambda source, anchor, title: with_new_section(source, anchor, title, below=True)[0],
    "rename": with_heading,
    "up": lambda source, anchor, _: with_section_moved(source, anchor, up=True),
    "down": lambda source, anchor, _: with_section_moved(source, anchor, up=False),
    "delete": lambda source, anchor, _: without_section(source, anchor),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 20), TITLES), max_size=8)


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_whatever_is_restructured_no_body_is_lost_and_every_anchor_stays(steps: list[tuple[str, int, str]]) -> None:
    source = TEXT
    for step, number, title in steps:
        before = section_bodies(source)
        chosen = before[number % len(before)]
        try:
            source = CHANGES[step](source, chosen.anchor, title)
        except ServiceError:
            continue
        old, new = ({one.anchor: words(one.body) for one in sections if one.level} for sections in (before, section_bodies(source)))
        if step == "delete":
            assert new.items() <= old.items()
        else:
            assert old.items() <= new.items()
            assert len(new) == len(old) + (step in ("add", "below"))


def words(body: str) -> str:
    """What a body says without conditions, which belong to the section they open before."""
    return "".join(line for line in body.split("\n") if not line.startswith("{%"))
