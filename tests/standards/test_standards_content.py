"""What the product ships as standards: complete, in order, and honest about where each entry comes from."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from service.settings import ROOT
from service.standards.loading import load_crosswalk, load_references
from service.standards.rules import STATUS_LABELS, Confidence, ReferenceStatus, SourceStatus, Standard, find_indicator

FOLDER = ROOT / "content" / "standards"


def test_national_standard_has_3_15_and_44_indicators(national: Standard) -> None:
    assert Counter(node.level for node in national.nodes) == {1: 3, 2: 15, 3: 44}
    assert {leaf.level for leaf in national.leaves} == {3}
    assert (national.number, national.title) == ("GB/T 27922-2011", "商品售后服务评价体系")


def test_first_level_has_40_35_25_points(national: Standard) -> None:
    assert {node.code: node.points for node in national.nodes if node.parent is None} == {"5.1": 40, "5.2": 35, "5.3": 25}


def test_only_one_third_level_indicator_has_known_points(national: Standard) -> None:
    assert {leaf.code: leaf.points for leaf in national.leaves if leaf.points is not None} == {"5.1.2.2": 5}
    assert all(leaf.points_note for leaf in national.nodes)


def test_27_entries_are_sourced_and_3_are_inferred(national: Standard) -> None:
    assert Counter(leaf.status for leaf in national.leaves) == {
        SourceStatus.SOURCED: 27,
        SourceStatus.PARTLY: 14,
        SourceStatus.INFERRED: 3,
    }


def test_what_is_not_fully_sourced_says_so_in_its_own_words(national: Standard) -> None:
    for leaf in national.leaves:
        if leaf.confidence is Confidence.LOW:
            assert leaf.requirement.startswith("\N{FULLWIDTH LEFT PARENTHESIS}推断")


@pytest.mark.parametrize("status", list(SourceStatus))
def test_every_status_says_that_the_text_is_not_the_standards_own(status: SourceStatus) -> None:
    assert "非标准原文" in STATUS_LABELS[status].sentence


def test_every_testable_indicator_has_a_name_a_requirement_and_elements(national: Standard) -> None:
    for leaf in national.leaves:
        assert leaf.title
        assert leaf.requirement
        assert leaf.elements


def test_parents_come_before_their_children(national: Standard) -> None:
    seen: set[str | None] = {None}
    for node in national.nodes:
        assert node.parent in seen
        seen.add(node.code)
    assert find_indicator(national, "5.1.2.2") is not None
    assert find_indicator(national, "5.1.9.9") is None


def test_every_source_has_an_address_but_the_field_texts(national: Standard) -> None:
    assert {source.id for source in national.sources.values() if source.url is None} == {"SD0", "SD3"}


def test_scoring_names_the_levels_and_what_is_unknown(national: Standard) -> None:
    assert [level.get("min") for level in national.scoring["levels"]] == [None, 70, 80, 90, 95]
    assert national.scoring["order_of_operations"] is None


def test_predecessor_has_8_groups_and_27_items(standards: dict[str, Standard]) -> None:
    old = standards["sbt10401-2006"]
    assert (sum(node.parent is None for node in old.nodes), len(old.leaves)) == (8, 27)
    assert all(leaf.status is SourceStatus.PARTLY and not leaf.requirement for leaf in old.leaves)


def test_crosswalk_joins_every_item_and_gives_a_reason(standards: dict[str, Standard]) -> None:
    rows = load_crosswalk(FOLDER)
    assert [row.item for row in rows] == [leaf.code for leaf in standards["sbt10401-2006"].leaves]
    assert {row.basis for row in rows} == {"our reading"}
    assert all(row.reason and row.item_title and row.indicators for row in rows)


def test_references_are_complete_and_dated() -> None:
    references = load_references(ROOT / "content" / "references.yml")
    assert len(references) == 23
    assert {entry.checked_on for entry in references} == {date(2026, 11, 21)}
    newer = next(entry for entry in references if entry.number == "GB/T 16784-2025")
    assert (newer.replaces, newer.status, newer.effective) == ("GB/T 16784-2008", ReferenceStatus.IN_FORCE, date(2025, 9, 1))


def test_content_names_no_file_of_the_workplace() -> None:
    for file in (*FOLDER.glob("*.yml"), ROOT / "content" / "references.yml"):
        assert not re.search(r"seed|shared/|种子|\.txt", file.read_text(encoding="utf-8"))
