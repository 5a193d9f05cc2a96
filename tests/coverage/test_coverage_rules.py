"""When an element is ruled and an indicator covered: tables without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.coverage.rules import (
    ELEMENT_NAMES,
    PROOF_NAMES,
    STATE_NAMES,
    Answer,
    ElementState,
    State,
    answer_state,
    element_state,
    indicator_state,
)
from service.standards.rules import Proof

RULED, DUE, SUSPECT, UNCONFIRMED, OPEN = ElementState
answers = st.builds(Answer, st.just(1), st.booleans(), st.booleans(), st.booleans())


@pytest.mark.parametrize(
    ("confirmed", "changed", "blank", "proof", "state"),
    [
        (True, False, False, "text", RULED),
        (True, False, False, "record", DUE),
        (True, False, False, "fact", DUE),
        (False, True, False, "text", SUSPECT),
        (False, False, False, "text", UNCONFIRMED),
        (True, False, True, "text", OPEN),
        (False, True, True, "record", OPEN),
    ],
)
def test_what_one_claim_is_worth(confirmed: bool, changed: bool, blank: bool, proof: str, state: ElementState) -> None:
    assert answer_state(Answer(1, confirmed, changed, blank), proof) is state


def test_element_without_a_claim_is_open() -> None:
    assert element_state([], "text") is OPEN


@pytest.mark.parametrize(
    ("elements", "state"),
    [
        ([RULED], State.COVERED),
        ([RULED, DUE], State.COVERED),
        ([RULED, OPEN], State.PARTIAL),
        ([RULED, UNCONFIRMED], State.PARTIAL),
        ([UNCONFIRMED], State.PARTIAL),
        ([RULED, SUSPECT], State.SUSPECT),
        ([SUSPECT, OPEN, UNCONFIRMED], State.SUSPECT),
        ([OPEN, OPEN], State.UNCOVERED),
        ([], State.UNCOVERED),
    ],
)
def test_state_of_an_indicator_follows_from_its_elements(elements: list[ElementState], state: State) -> None:
    assert indicator_state(elements, deleted=False) is state
    assert indicator_state(elements, deleted=True) is State.NOT_APPLICABLE


@given(st.lists(answers, min_size=1, max_size=5), st.sampled_from([proof.value for proof in Proof]))
def test_element_is_as_good_as_its_best_claim_and_more_claims_never_harm(found: list[Answer], proof: str) -> None:
    best_first = list(ElementState)
    whole = element_state(found, proof)
    assert whole in {answer_state(answer, proof) for answer in found}
    assert best_first.index(whole) <= best_first.index(element_state(found[:-1], proof))


@given(st.lists(answers.filter(lambda answer: answer.blank or not answer.confirmed), max_size=5))
def test_nothing_is_covered_without_a_confirmed_claim_free_of_blanks(found: list[Answer]) -> None:
    assert indicator_state([element_state(found, "text")], deleted=False) is not State.COVERED


def test_every_state_and_proof_has_its_word() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(ELEMENT_NAMES) == set(ElementState)
    assert set(PROOF_NAMES) == {proof.value for proof in Proof}
