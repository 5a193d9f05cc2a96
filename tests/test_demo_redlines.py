"""Redlines of what `make demo` has left, through LibreOffice: all changes accepted is the new text, all rejected the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from book.docx_changes import document_of, told
from book.office import SOFFICE, settled_by_office
from book.office_reading import read
from demo_runs import Runs
from sqlmodel import Session

from service.book.model import Block, Heading
from service.clock import local_date
from service.documents.queries import documents, revisions, running
from service.documents.texts import prefix_of, procedure_of, set_text
from service.manuals.queries import load_source
from service.manuals.redline import redlined_manuals
from service.manuals.redline_files import RedlineFormat, document_redline, render_document_redline, render_manual_redline
from service.manuals.rules import ManualSource
from service.manuals.workshop import default_workshop
from service.organisations.queries import find_organisation, list_organisations
from service.settings import settings
from service.standards.shipped import register, standard

pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
WORKSHOP = default_workshop()


@pytest.fixture(scope="module")
def session(runs: Runs) -> Iterator[Session]:
    with runs.opened() as session:
        yield session


def texts_of(session: Session, code: str) -> Iterator[tuple[str, str, tuple[Block, ...], tuple[Block, ...]]]:
    """Of each revision that follows another: number, title, the old text and the new one."""
    owner = find_organisation(session, code)
    for document in documents(session, owner.id):
        for old, new in pairwise(revisions(session, document)):
            heads = (Heading(1, row.title, anchor=prefix_of(document)) for row in (old, new))
            bodies = (set_text(session, owner, document, row, settings().data).blocks for row in (old, new))
            before, after = ((head, *body) for head, body in zip(heads, bodies, strict=True))
            yield document.number, new.title, before, after


def redlined(number: str, title: str, old: Sequence[Block], new: Sequence[Block]) -> bytes:
    found = document_redline(("示例企业", number, title), ("A/0", "A/1"), old, new, on=date(2026, 6, 1))
    [data] = render_document_redline(found, [RedlineFormat.DOCX], WORKSHOP.theme, WORKSHOP.fonts).values()
    return data


def test_every_revision_that_follows_another(session: Session, tmp_path: Path) -> None:
    pairs = {
        f"{row.code}-{number.replace('/', '-')}": (number, title, old, new)
        for row in list_organisations(session)
        for number, title, old, new in texts_of(session, row.code)
    }
    assert len([name for name, (_, _, old, new) in pairs.items() if old != new]) >= 2
    made = settled_by_office({name: redlined(*each) for name, each in pairs.items()}, tmp_path)
    for name, (number, title, old, new) in pairs.items():
        accepted, rejected = (read(told(document_of(each))) for each in made[name])
        assert accepted == read(told(document_of(redlined(number, title, new, new)))), name
        assert rejected == read(told(document_of(redlined(number, title, old, old)))), name


def test_whole_manual_with_what_is_drafted_put_in_force(session: Session, tmp_path: Path) -> None:
    owner = find_organisation(session, "HC")
    today = local_date(datetime.now(UTC), owner.time_zone)
    old = load_source(session, owner, standard(), register(), on=today)
    drafted = {pair.document.number: procedure_of(session, owner, pair.revision) for pair in running(session, owner.id)}
    new = replace(
        old,
        on=today + timedelta(days=30),
        documents=tuple(replace(each, label="A/1", procedure=drafted.get(each.number, each.procedure)) for each in old.documents),
    )
    assert drafted
    [(accepted, rejected)] = settled_by_office({"manual": manual_redline(old, new)}, tmp_path).values()
    for data, source in ((accepted, new), (rejected, old)):
        assert texts(data) == texts(manual_redline(source, source))


def manual_redline(old: ManualSource, new: ManualSource) -> bytes:
    [data] = render_manual_redline(redlined_manuals(old, new), "manual", [RedlineFormat.DOCX], WORKSHOP.theme, WORKSHOP.fonts).values()
    return data


def texts(data: bytes) -> Counter[str]:
    """Every paragraph and table but those of the summary; a document that went may stand elsewhere than it stood."""
    lines = list(told(document_of(data)))
    first = next(place for place, line in enumerate(lines) if line[:2] == ("p", "封面 企业名称"))
    return Counter(map(str, read(lines[first:])))
