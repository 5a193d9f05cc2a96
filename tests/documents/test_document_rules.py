"""Labels, numbers and the words for a state: tables without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.documents.rules import (
    KIND_CODES,
    KIND_NAMES,
    KIND_ORDER,
    LAST_REVISION_NUMBER,
    STANDING_NAMES,
    STATUS_NAMES,
    Standing,
    Status,
    label,
    next_label,
    number,
    short,
    standing_of,
    state_name,
)
from service.errors import InputError
from service.text.model import Kind

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("edition", "revision_number", "reissue", "follows"),
    [
        ("A", 0, False, "A/1"),
        ("A", 8, False, "A/9"),
        ("A", 9, False, "B/0"),
        ("C", 9, False, "D/0"),
        ("A", 0, True, "B/0"),
        ("B", 4, True, "C/0"),
        ("Z", 8, False, "Z/9"),
    ],
)
def test_next_label_counts_to_nine_then_the_edition_changes(edition: str, revision_number: int, reissue: bool, follows: str) -> None:
    assert label(*next_label(edition, revision_number, reissue=reissue)) == follows


@pytest.mark.parametrize(("revision_number", "reissue"), [(9, False), (0, True)])
def test_no_edition_follows_z(revision_number: int, reissue: bool) -> None:
    with pytest.raises(InputError) as caught:
        next_label("Z", revision_number, reissue=reissue)
    assert caught.value.code == "editions_exhausted"


@given(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXY"), st.integers(0, LAST_REVISION_NUMBER), st.booleans())
def test_next_label_is_always_later_and_well_formed(edition: str, revision_number: int, reissue: bool) -> None:
    following = next_label(edition, revision_number, reissue=reissue)
    assert following > (edition, revision_number)
    assert 0 <= following[1] <= LAST_REVISION_NUMBER


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{company}/SH-{kind}-{serial:02}", "HC/SH-CX-07"),
        ("{company}/QP-{serial}", "HC/QP-7"),
        ("{company}/B-13-{serial:03}-{year}", "HC/B-13-007"),
        ("{company}/QP-{serial}-{edition}/{revision}", "HC/QP-7"),
        ("{company}/QP-{serial}-{edition}/{revision}-{year}", "HC/QP-7"),
        ("WI/{department}-{serial:02}", "WI/service-07"),
        ("{serial:04}", "0007"),
    ],
)
def test_number_follows_the_pattern_without_what_only_the_printed_number_has(pattern: str, expected: str) -> None:
    assert number(pattern, company="HC", kind=Kind.PROCEDURE, serial=7, department="service") == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "HC-{kind}",
        "{serial}{serial}",
        "{serial",
        "{serial}-{colour}",
        "{serial:x}",
        "{serial:4}",
        "{serial:0999999999}",
        "{company:9}-{serial}",
    ],
)
def test_pattern_that_cannot_number_documents_is_refused(pattern: str) -> None:
    with pytest.raises(InputError) as caught:
        number(pattern, company="HC", kind=Kind.PROCEDURE, serial=1)
    assert caught.value.code == "bad_number_pattern"


@given(st.sets(st.integers(1, 10_000), min_size=2, max_size=2), st.sampled_from(list(Kind)))
def test_two_serials_of_a_kind_never_share_a_number(serials: set[int], kind: Kind) -> None:
    pattern = "{company}/SH-{kind}-{serial:02}"
    assert len({number(pattern, company="HC", kind=kind, serial=serial) for serial in serials}) == 2


@pytest.mark.parametrize(
    ("status", "effective_on", "obsolete_on", "name"),
    [
        (Status.DRAFT, None, None, "编制中"),
        (Status.IN_REVIEW, None, None, "审核中"),
        (Status.COUNTERSIGNING, None, None, "会签中"),
        (Status.IN_APPROVAL, None, None, "待批准"),
        (Status.APPROVED, None, None, "已批准"),
        (Status.RELEASED, date(2026, 3, 1), None, "现行有效"),
        (Status.RELEASED, date(2026, 3, 2), None, "待实施"),
        (Status.RELEASED, date(2026, 1, 1), date(2026, 3, 2), "现行有效"),
        (Status.RELEASED, date(2026, 1, 1), date(2026, 3, 1), "作废"),
    ],
)
def test_state_is_named_as_of_a_day(status: Status, effective_on: date | None, obsolete_on: date | None, name: str) -> None:
    assert state_name(status, effective_on, obsolete_on, TODAY) == name


def test_released_revision_without_a_day_is_awaited() -> None:
    assert standing_of(Status.RELEASED, None, None, TODAY) is Standing.AWAITED


def test_what_is_not_released_stands_where_its_step_says() -> None:
    for status in set(Status) - {Status.RELEASED}:
        assert standing_of(status, TODAY, TODAY, TODAY).value == status.value
    assert set(STANDING_NAMES) == set(Standing)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("HC/SH-CX-01", "SH-CX-01"), ("HC/CX/07", "CX/07"), ("HC/ZD/07", "ZD/07"), ("0007", "0007"), ("SH/HC/1", "SH/HC/1")],
)
def test_short_number_lacks_the_company_and_nothing_else(number: str, shown: str) -> None:
    assert short(number, "HC") == shown


def test_every_status_and_kind_has_its_words() -> None:
    assert set(STATUS_NAMES) == set(Status)
    assert set(KIND_CODES) == set(KIND_NAMES) == set(KIND_ORDER) == set(Kind)
    assert len(set(KIND_CODES.values())) == len(Kind)
