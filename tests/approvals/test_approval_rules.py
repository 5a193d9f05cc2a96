"""The lifecycle as tables: every status × step, who signs what, and who may not sign twice."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.approvals.rules import (
    APART,
    MEANING_NAMES,
    OBSOLETE_POSTS,
    POST_NAMES,
    SIGNS,
    STEP_NAMES,
    STEP_POSTS,
    TRANSITIONS,
    Meaning,
    Step,
    may_sign,
    posts_for,
    steps_from,
)
from service.documents.rules import Status

RUNNING = frozenset(Status) - {Status.RELEASED}
LIFECYCLE = {
    # status: (submit, review, countersign, approve, release, return, withdraw)
    "draft": ("in_review", "", "", "", "", "", ""),
    "in_review": ("", "in_approval", "", "", "", "draft", "draft"),
    "countersigning": ("", "", "in_approval", "", "", "draft", "draft"),
    "in_approval": ("", "", "", "approved", "", "draft", "draft"),
    "approved": ("", "", "", "", "released", "draft", ""),
    "released": ("", "", "", "", "", "", ""),
}


@pytest.mark.parametrize(("status", "step"), list(product(Status, Step)))
def test_transition_of_every_status_and_step(status: Status, step: Step) -> None:
    expected = LIFECYCLE[status][list(Step).index(step)]
    assert TRANSITIONS.get((status, step), "") == expected
    assert (step in steps_from(status)) is bool(expected)


def test_every_running_status_leads_on_and_a_released_one_nowhere() -> None:
    assert all(steps_from(status) for status in RUNNING)
    assert steps_from(Status.RELEASED) == ()


def test_text_can_be_returned_until_it_is_released() -> None:
    assert {status for status in Status if Step.RETURN in steps_from(status)} == RUNNING - {Status.DRAFT}


def test_every_step_has_its_word_and_the_signed_ones_their_meaning() -> None:
    assert set(STEP_NAMES) == set(Step)
    assert set(MEANING_NAMES) == set(Meaning) == set(SIGNS.values())
    assert set(SIGNS) == {Step.SUBMIT, Step.REVIEW, Step.COUNTERSIGN, Step.APPROVE}


def test_every_post_that_guards_a_step_has_its_name() -> None:
    assert set(POST_NAMES) == frozenset().union(*STEP_POSTS.values())
    assert STEP_POSTS[Step.RELEASE] == OBSOLETE_POSTS == {"document_controller"}


@pytest.mark.parametrize("status", sorted(RUNNING - {Status.DRAFT}))
def test_only_under_review_a_text_is_returned_without_a_post(status: Status) -> None:
    assert posts_for(Step.RETURN, status) == (frozenset() if status is Status.IN_REVIEW else frozenset(POST_NAMES))


@pytest.mark.parametrize(
    ("meaning", "already", "may"),
    [
        (Meaning.PREPARE, None, True),
        (Meaning.REVIEW, None, True),
        (Meaning.REVIEW, Meaning.PREPARE, False),
        (Meaning.APPROVE, Meaning.PREPARE, False),
        (Meaning.APPROVE, Meaning.REVIEW, False),
        (Meaning.PREPARE, Meaning.APPROVE, False),
        (Meaning.REVIEW, Meaning.REVIEW, False),
        (Meaning.COUNTERSIGN, Meaning.PREPARE, True),
        (Meaning.COUNTERSIGN, Meaning.COUNTERSIGN, False),
        (Meaning.APPROVE, Meaning.COUNTERSIGN, True),
    ],
)
def test_preparer_reviewer_and_approver_are_three_people(meaning: Meaning, already: Meaning | None, may: bool) -> None:
    signed = {already: frozenset({"jia"})} if already else {}
    assert may_sign(meaning, "jia", signed) is may
    assert may_sign(meaning, "yi", signed)


@given(st.dictionaries(st.sampled_from(list(Meaning)), st.frozensets(st.sampled_from("abc")), max_size=4), st.sampled_from("abc"))
def test_whoever_may_sign_has_signed_nothing_that_must_be_kept_apart(signed: dict[Meaning, frozenset[str]], login: str) -> None:
    has = {meaning for meaning in APART if login in signed.get(meaning, frozenset())}
    assert {meaning for meaning in APART if may_sign(meaning, login, signed)} == (set() if has else APART)
