"""`make demo`, run once from nothing: whole manuals of the demo organisations, covered, without problems, the same bytes anywhere."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from book.docx_fields import agreeing, heading_pages
from book.office_pages import SOFFICE, printed_by_office
from demo_runs import Runs
from house import done
from pypdf import PdfReader
from sqlmodel import Session

from service.approvals.queries import signoffs
from service.approvals.rules import Meaning
from service.clock import local_date
from service.demo import DEMOS, Demo
from service.documents.queries import documents, in_force, revisions, running
from service.manuals.build import FILLABLE, export_document
from service.manuals.queries import document_source
from service.manuals.workshop import default_workshop
from service.organisations.models import Organisation
from service.organisations.profile import Profile, read_profile
from service.organisations.queries import find_organisation, list_organisations
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import standard
from service.text.model import Kind
from service.text.parse import parse_procedure
from service.text.plain import section_text
from service.trail.queries import verify

FILES = ("coverage.json", "coverage.xlsx", "manual.docx", "manual.html", "manual.pdf", "problems.json")
EACH = pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.profile.removesuffix(".yml"))


@pytest.fixture(scope="module")
def session(runs: Runs) -> Iterator[Session]:
    with runs.opened() as session:
        yield session


def profile_of(demo: Demo) -> Profile:
    file = settings().content / "demo" / demo.profile
    return read_profile(file.read_text("utf-8"), file=demo.profile, catalogue=catalogue())


def owner(session: Session, demo: Demo) -> Organisation:
    return find_organisation(session, profile_of(demo).code)


def result(runs: Runs, demo: Demo, name: str) -> Any:
    return json.loads((runs.output / demo.folder / name).read_bytes())


def test_every_demo_organisation_has_all_files(runs: Runs) -> None:
    assert set(runs.first) == {(Path(demo.folder) / name).as_posix() for demo in DEMOS for name in FILES}


@EACH
def test_no_problem_is_left(runs: Runs, demo: Demo) -> None:
    assert result(runs, demo, "problems.json") == []


@EACH
def test_all_44_entries_are_covered_but_those_that_the_profile_deletes(runs: Runs, demo: Demo) -> None:
    found = result(runs, demo, "coverage.json")
    assert [row["code"] for row in found["indicators"]] == [leaf.code for leaf in standard().leaves]
    assert len(found["indicators"]) == found["totals"]["indicators"] == 44
    deleted = {entry.indicator: entry.justification for entry in profile_of(demo).not_applicable}
    assert {row["code"]: row["justification"] for row in found["indicators"] if row["state"] == "not_applicable"} == deleted
    assert {row["code"]: row["state"] for row in found["indicators"] if row["state"] not in ("covered", "not_applicable")} == {}


def test_manufacturer_deletes_nothing_and_trader_does(runs: Runs) -> None:
    deleted = {demo.profile: result(runs, demo, "coverage.json")["totals"]["not_applicable"] for demo in DEMOS}
    assert deleted["manufacturer.yml"] == 0
    assert deleted["trader.yml"] >= 1


@EACH
def test_quotes_stand_word_for_word_in_the_claimed_sections(runs: Runs, session: Session, demo: Demo) -> None:
    organisation = owner(session, demo)
    texts = {document.number: parse_procedure(revisions(session, document)[0].text) for document in documents(session, organisation.id)}
    claims = [claim for row in result(runs, demo, "coverage.json")["indicators"] for claim in row["claims"]]
    assert len(claims) > 44
    assert [claim for claim in claims if not claim["quote"]] == []
    assert [claim for claim in claims if claim["quote"] not in section_text(texts[claim["document"]], claim["section"])] == []


@EACH
def test_every_document_is_released_and_signed_by_three_people(runs: Runs, session: Session, demo: Demo) -> None:
    organisation = owner(session, demo)
    assert [pair for pair in running(session, organisation.id) if pair.revision.label == "A/0"] == []
    for document in documents(session, organisation.id):
        signed = {row.meaning: row.login for row in signoffs(session, revisions(session, document)[0])}
        assert set(signed) == {Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE}, document.number
        assert len(set(signed.values())) == 3, document.number


def test_commands_see_the_demo_organisations(runs: Runs) -> None:
    rows = done("--database", runs.database, "organisation", "list", "--json").json
    assert {row["code"] for row in rows} == {profile_of(demo).code for demo in DEMOS}
    code = rows[0]["code"]
    assert done("--database", runs.database, "document", "list", "--organisation", code, "--json").json


def test_every_trail_is_whole(runs: Runs, session: Session) -> None:
    assert [row.code for row in list_organisations(session) if verify(session, row.id).position is not None] == []
    assert len(list_organisations(session)) == len(DEMOS)


@EACH
def test_printed_manual_has_an_outline_and_its_pages_are_numbered(runs: Runs, session: Session, demo: Demo) -> None:
    source = PdfReader(io.BytesIO((runs.output / demo.folder / "manual.pdf").read_bytes()))
    labels = list(source.page_labels)
    assert len(labels) > 100
    assert labels[:3] == ["", "i", "ii"]
    numbers = [label for label in labels if label.isdigit()]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    titles = {entry.title for entry in source.outline if not isinstance(entry, list)}
    wanted = {
        revisions(session, document)[-1].title for document in documents(session, owner(session, demo).id) if document.kind == "procedure"
    }
    assert wanted <= titles


def test_a_second_run_finds_everything_done_and_writes_the_same(runs: Runs) -> None:
    assert runs.second == runs.first


def test_another_process_folder_time_zone_and_locale_give_the_same_bytes(runs: Runs) -> None:
    assert runs.elsewhere == runs.first


VALIDATOR = os.environ.get("SERVICE_MANUAL_DOCX_VALIDATOR", "")


@pytest.mark.skipif(not VALIDATOR, reason="SERVICE_MANUAL_DOCX_VALIDATOR names no validator")
@EACH
def test_word_file_passes_the_validator(runs: Runs, demo: Demo) -> None:
    words = [sys.executable, VALIDATOR, "--all-parts", str(runs.output / demo.folder / "manual.docx")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 errors, 0 warnings" in done.stdout


@pytest.mark.skipif(not VALIDATOR, reason="SERVICE_MANUAL_DOCX_VALIDATOR names no validator")
def test_every_record_form_passes_the_validator_to_print_and_to_fill_in(session: Session, tmp_path: Path) -> None:
    organisation, workshop = owner(session, DEMOS[0]), default_workshop()
    on = local_date(datetime.now(UTC), organisation.time_zone)
    forms = [pair for pair in in_force(session, organisation.id, on) if pair.document.kind is Kind.RECORD_FORM]
    assert len(forms) > 50
    for pair in forms:
        source = document_source(session, organisation, workshop.standard, pair, on=on)
        made = export_document(source, source.documents[0], "", ["docx", FILLABLE], workshop.theme, workshop.fonts)
        for name, data in made.items():
            (tmp_path / name).write_bytes(data)
    files = sorted(str(file) for file in tmp_path.glob("*.docx"))
    assert len(files) == 2 * len(forms)
    done = subprocess.run([sys.executable, VALIDATOR, "--all-parts", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("0 errors, 0 warnings") == len(files)


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_finds_headings_where_the_numbers_of_the_word_file_say(runs: Runs, tmp_path: Path) -> None:
    """At least 99 of 100 numbers of TOC and cross-references, and the pages in all within one of a hundred."""
    folder = runs.output / DEMOS[0].folder
    theirs = printed_by_office(folder / "manual.docx", tmp_path)
    right, shown = agreeing((folder / "manual.docx").read_bytes(), folder / "manual.pdf", theirs)
    assert shown > 300
    assert right >= 0.99 * shown
    (_, pages), (_, counted) = heading_pages(folder / "manual.pdf"), heading_pages(theirs)
    assert abs(counted - pages) <= 0.01 * pages


def test_numbers_of_one_organisation_are_not_those_of_another(runs: Runs, session: Session) -> None:
    numbers = [document.number for row in list_organisations(session) for document in documents(session, row.id)]
    assert len(set(numbers)) == len(numbers)
