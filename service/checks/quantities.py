"""Contradictions: the same target with different figures in two places, both quoted."""

from __future__ import annotations

from collections import defaultdict

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.quantities import Quantity, quantities


def check_quantities(context: Context) -> Problems:
    """Only subjects that are targets of the catalogue are compared: elsewhere the same word may mean different things."""
    found: dict[tuple[str, str], list[tuple[Checked, Quantity]]] = defaultdict(list)
    for document in context.documents:
        for quantity in quantities(document.procedure):
            if quantity.subject in context.target_labels:
                found[quantity.subject, quantity.unit].append((document, quantity))
    for (subject, unit), places in found.items():
        yield from _contradictions(subject, unit, places)


def _contradictions(subject: str, unit: str, places: list[tuple[Checked, Quantity]]) -> Problems:
    first_document, first = places[0]
    for document, quantity in places[1:]:
        if quantity.value != first.value:
            message = f"{subject}前后不一：本处为 {quantity.value:g}{unit}，{first_document.number}《{first_document.title}》为 {first.value:g}{unit}"
            quote = f"{quantity.quote} / {first.quote}"
            yield Problem("contradiction", Severity.ERROR, document.number, quantity.section, message, quote)
