"""Record forms in force with what the texts in force say of them: read once for each text, since frozen texts never change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from service.documents.queries import Controlled
from service.manuals.register_rows import Naming, RecordRow, naming, rows_of
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import departments_of, names_by_key
from service.text.model import Kind
from service.text.parse import parse_procedure

TEXTS_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class FormLine:
    """A document as far as the list of record forms needs it; `department_name` as the chart of the day has it."""

    key: str
    number: str
    title: str
    label: str
    kind: Kind
    department: str
    department_name: str
    effective_on: date | None
    retention_years: Any


def form_rows(session: Session, organisation: Organisation, pairs: Sequence[Controlled], on: date) -> list[RecordRow[FormLine]]:
    """Every record form of `pairs`, the documents in force on day `on`, with its terms and the documents that name it."""
    names = names_by_key(departments_of(chart_on(session, organisation.id, on)))
    lines = []
    for pair in pairs:
        said, retention = _said(pair.revision.text, pair.revision.title)
        lines.append((_line(pair, names, retention), said))
    return rows_of(lines)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _said(text: str, title: str) -> tuple[Naming, str | None]:
    """What a text says of record forms, and the name of its own retention."""
    procedure = parse_procedure(text, file=title)
    return naming(procedure), procedure.front.retention


def _line(pair: Controlled, names: dict[str, str], retention: str | None) -> FormLine:
    document, revision = pair.document, pair.revision
    is_form = document.kind is Kind.RECORD_FORM
    return FormLine(
        document.key or "",
        document.number,
        revision.title,
        revision.label,
        document.kind,
        document.department,
        names.get(document.department, document.department),
        revision.effective_on,
        revision.variables.get(f"retention.{retention}") if is_form else None,
    )
