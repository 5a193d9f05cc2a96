"""The lifecycle as tables: every status × step, who signs what, and who may not sign twice."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.approvals.rules import (
    APART,
    MEANING_NAMES,
    OBSOLETE_ACT,
    RETURN_ACTS,
    SIGNS,
    STEP_ACTS,
    STEP_NAMES,
    TRANSITIONS,
    Meaning,
    Step,
    acts_for,
    clean_words,
    joined,
    may_sign,
    role_refusal,
    steps_from,
)
from service.documents.rules import Status
from service.errors import InputError
from service.organisations.roles import Act, HeldRole, Role

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


def test_every_step_takes_an_act_and_a_return_the_one_that_leads_on() -> None:
    assert set(STEP_ACTS) | {Step.RETURN} == set(Step)
    assert {status: STEP_ACTS[steps_from(status)[0]] for status in Status if Step.RETURN in steps_from(status)} == RETURN_ACTS
    assert STEP_ACTS[Step.RELEASE] is OBSOLETE_ACT is Act.RELEASE


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RELEASED])
def test_where_nothing_can_be_returned_any_act_that_returns_is_enough_to_be_told_so(status: Status) -> None:
    assert acts_for(Step.RETURN, status) == (Act.REVIEW, Act.COUNTERSIGN, Act.APPROVE, Act.RELEASE)


@pytest.mark.parametrize(
    ("held", "tells"),
    [
        ((HeldRole(Role.REVIEWER),), None),
        ((HeldRole(Role.REVIEWER, frozenset({"service"})),), None),
        ((HeldRole(Role.REVIEWER, frozenset({"sales"})),), "丁四不能审核：其角色不包括本文件的归口部门"),
        ((HeldRole(Role.REVIEWER, frozenset({"sales"})), HeldRole(Role.REVIEWER, frozenset({"service"}))), None),
        ((HeldRole(Role.AUTHOR),), "丁四不能审核：由审核人完成"),
        ((), "丁四不能审核：由审核人完成"),
    ],
)
def test_role_must_allow_the_act_in_the_department_of_the_document(held: tuple[HeldRole, ...], tells: str | None) -> None:
    assert role_refusal("丁四", "审核", (Act.REVIEW,), held, "service") == tells


def test_of_several_acts_one_is_enough_and_all_who_may_are_named() -> None:
    acts = (Act.APPROVE, Act.RELEASE)
    assert role_refusal("丁四", "退回", acts, (HeldRole(Role.DOCUMENT_CONTROLLER),), "service") is None
    assert role_refusal("丁四", "退回", acts, (HeldRole(Role.READER),), "service") == "丁四不能退回：由文控员或批准人完成"


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


BOTH = frozenset({Meaning.PREPARE, Meaning.APPROVE})


@pytest.mark.parametrize(
    ("meaning", "signed", "together", "may"),
    [
        (Meaning.APPROVE, {Meaning.PREPARE}, [BOTH], True),
        (Meaning.APPROVE, {Meaning.PREPARE}, [APART], True),
        (Meaning.REVIEW, {Meaning.PREPARE}, [BOTH], False),
        (Meaning.APPROVE, {Meaning.PREPARE, Meaning.REVIEW}, [BOTH], False),
        (Meaning.APPROVE, {Meaning.PREPARE, Meaning.REVIEW}, [BOTH, BOTH], False),
        (Meaning.APPROVE, {Meaning.PREPARE, Meaning.REVIEW}, [BOTH, APART], True),
        (Meaning.APPROVE, {Meaning.APPROVE}, [APART], False),
        (Meaning.COUNTERSIGN, {Meaning.COUNTERSIGN}, [APART], False),
    ],
)
def test_exception_lets_the_meanings_that_it_names_be_signed_together_and_no_others(
    meaning: Meaning, signed: set[Meaning], together: list[frozenset[Meaning]], may: bool
) -> None:
    by_meaning = {each: frozenset({"jia"}) for each in signed}
    assert may_sign(meaning, "jia", by_meaning, together) is may
    assert may_sign(meaning, "yi", by_meaning)


def test_what_must_be_kept_apart_from_a_meaning_is_what_the_person_has_signed_of_the_others() -> None:
    signed = {Meaning.PREPARE: frozenset({"jia"}), Meaning.COUNTERSIGN: frozenset({"jia"}), Meaning.REVIEW: frozenset({"yi"})}
    assert joined(Meaning.APPROVE, "jia", signed) == BOTH
    assert joined(Meaning.COUNTERSIGN, "jia", signed) == {Meaning.COUNTERSIGN}


def test_words_are_trimmed_and_neither_too_long_nor_invisible() -> None:
    assert clean_words("  同意\r\n照此办理  ", "意见") == "同意\n照此办理"
    for words, code in (("长" * 2001, "too_long"), ("同意\x00", "control_character"), ("\u202e同意", "control_character")):
        with pytest.raises(InputError) as caught:
            clean_words(words, "意见")
        assert caught.value.code == code
