"""What is chosen by weight is chosen alike in every process: Python orders a set of texts anew with each start."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from service.library.checks import sample_values
from service.library.shipped import template_set
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.text import plain
from service.text.fill import fill
from service.text.model import Procedure
from service.text.parse import parse_procedure

PAIRS = plain._pairs
SETS = ("gbt27922-general", "gbt27922-small")


def shuffled(seed: int) -> Callable[[str], list[str]]:
    """The same pairs of a text, in another order for every seed."""

    def pairs(words: str) -> list[str]:
        found = sorted(PAIRS(words))
        random.Random(seed).shuffle(found)  # an order, not a secret
        return found

    return pairs


@pytest.fixture(scope="module")
def claiming() -> list[Procedure]:
    """Every shipped text that claims something, filled."""
    found = []
    for key in SETS:
        known = template_set(key)
        for template in known.templates:
            if template.front.claims:
                found.append(parse_procedure(fill(template.source, next(sample_values(template, known, catalogue())))))
    return found


def quotes(procedures: list[Procedure]) -> list[str]:
    elements = {leaf.code: leaf.elements for leaf in standard().leaves}
    return [
        plain.best_quote(procedure, claim.section, elements[claim.indicator][element - 1].text)
        for procedure in procedures
        for claim in procedure.front.claims
        for element in claim.elements
    ]


def test_quotes_do_not_depend_on_the_order_of_a_set(claiming: list[Procedure], monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = quotes(claiming)
    assert len(wanted) > 200
    for seed in range(3):
        monkeypatch.setattr(plain, "_pairs", shuffled(seed))
        assert quotes(claiming) == wanted
