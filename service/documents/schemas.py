"""Documents as JSON: the lines of lists that the API and the command line share."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from service.documents.models import Revision
from service.documents.queries import Controlled


class DocumentLine(BaseModel):
    """One line of `document list` (interfaces.md)."""

    number: str
    title: str
    kind: str
    edition: str
    revision_number: int
    label: str
    status: str
    effective_on: date | None
    fingerprint: str
    department: str


def line(pair: Controlled) -> DocumentLine:
    document, revision = pair.document, pair.revision
    return DocumentLine(
        number=document.number,
        title=revision.title,
        kind=document.kind.value,
        edition=revision.edition,
        revision_number=revision.revision_number,
        label=revision.label,
        status=revision.status.value,
        effective_on=revision.effective_on,
        fingerprint=revision.fingerprint,
        department=document.department,
    )


def revision_json(revision: Revision) -> dict[str, Any]:
    return {
        "label": revision.label,
        "title": revision.title,
        "status": revision.status.value,
        "change_summary": revision.change_summary,
        "released_on": revision.released_on,
        "effective_on": revision.effective_on,
        "obsolete_on": revision.obsolete_on,
        "fingerprint": revision.fingerprint,
    }
