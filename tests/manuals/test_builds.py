"""Builds: the same source is the same fingerprint, the same bytes and the same row; any change of what is printed is another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from house import loaded
from small_firm import Firm, moment
from small_manual import AFTER, TEXTS, with_manual
from sqlmodel import Session, select

from manuals.sources import COMPANY, SOURCE, by_title, changed, documents, source_of
from service.book.theme import FORMAL, Theme
from service.coverage.rules import State
from service.errors import InputError, NotFound
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.manuals.actions import build_manual, keep_manual, prepare_manual, stored
from service.manuals.build import Format, build, export_document, source_fingerprint
from service.manuals.models import Build
from service.manuals.prepared import Prepared
from service.manuals.queries import builds, find_build, find_file
from service.manuals.rules import Binding, Change, ManualSource, Signed
from service.manuals.workshop import Workshop, default_workshop
from service.organisations.rules import SYSTEM, Chart
from service.settings import settings
from service.standards.rules import SourceStatus
from service.trail.queries import entries, verify

FONTS = settings().fonts
ALL = list(Format)


def made_of(source: ManualSource = SOURCE, binding: Binding = Binding.BOUND, theme: Theme = FORMAL) -> str:
    return source_fingerprint(source, binding, theme, FONTS)


def other_text() -> ManualSource:
    return source_of(*documents(*(text.replace("30 分钟", "20 分钟") for text in TEXTS)))


def other_row(**changes: object) -> ManualSource:
    """The first indicator with something changed."""
    first, *rest = SOURCE.indicators
    return replace(SOURCE, indicators=(replace(first, **changes), *rest))  # type: ignore[arg-type]  # SourceIndicator's own fields


REPAIR = "维修服务程序"
CHANGES: dict[str, Callable[[], ManualSource]] = {
    "a text": other_text,
    "a sign-off": lambda: changed(SOURCE, REPAIR, signed=(*by_title(SOURCE, REPAIR).signed[:2], Signed("批准", "易二", "总经理", AFTER))),
    "a label": lambda: changed(SOURCE, REPAIR, label="A/1"),
    "a number": lambda: changed(SOURCE, REPAIR, number="JC/SH-CX-09"),
    "a day of effect": lambda: changed(SOURCE, REPAIR, effective_on=date(2026, 2, 2)),
    "a day of release": lambda: changed(SOURCE, "颁布令", released_on=date(2026, 1, 21)),
    "a department": lambda: changed(SOURCE, REPAIR, department="客服部"),
    "a term of retention": lambda: changed(SOURCE, "报修单", retention_years=5),
    "a change record": lambda: changed(SOURCE, REPAIR, history=(Change("A/0", "补充", date(2026, 2, 1), "贾一"),)),
    "a document left out": lambda: replace(SOURCE, documents=SOURCE.documents[:-1]),
    "a deletion": lambda: other_row(state=State.NOT_APPLICABLE, justification="不设网点"),
    "a justification": lambda: other_row(justification="不设网点"),
    "an indicator's words": lambda: other_row(indicator=replace(SOURCE.indicators[0].indicator, requirement="另一种转述")),
    "an indicator's provenance": lambda: other_row(indicator=replace(SOURCE.indicators[0].indicator, status=SourceStatus.INFERRED)),
    "a claim": lambda: other_row(claims=SOURCE.indicators[26].claims),
    "the chart": lambda: replace(SOURCE, chart=Chart(SOURCE.chart.roots[:1])),
    "the register": lambda: replace(SOURCE, register=SOURCE.register[:-1]),
    "the organisation's name": lambda: replace(SOURCE, organisation="示范乙公司"),
    "the day": lambda: replace(SOURCE, on=date(2026, 3, 2)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_fingerprint_changes_with(what: str) -> None:
    assert CHANGES[what]() != SOURCE
    assert made_of(CHANGES[what]()) != made_of()


def test_fingerprint_changes_with_binding_and_theme() -> None:
    assert len({made_of(), made_of(binding=Binding.VOLUMES), made_of(theme=replace(FORMAL, name="other"))}) == 3


def test_fingerprint_of_the_same_source_is_the_same() -> None:
    assert made_of(source_of(*documents(*TEXTS))) == made_of()
    assert re.fullmatch("[0-9a-f]{64}", made_of())


def test_every_format_of_every_volume_is_made() -> None:
    made = build(SOURCE, ALL, Binding.VOLUMES, FORMAL, FONTS)
    assert [file.name for file in made] == [f"manual-{n}.{name}" for n in (1, 2, 3) for name in ("docx", "pdf", "html")]
    assert all(file.pages > 2 for file in made)


def test_same_source_gives_the_same_bytes() -> None:
    first, second = (build(SOURCE, ALL, Binding.BOUND, FORMAL, FONTS) for _ in range(2))
    assert [file.sha256 for file in first] == [file.sha256 for file in second]
    assert [file.name for file in first] == ["manual.docx", "manual.pdf", "manual.html"]


def test_word_file_bears_the_page_numbers_of_the_print() -> None:
    [docx] = build(SOURCE, [Format.DOCX], Binding.BOUND, FORMAL, FONTS)
    with zipfile.ZipFile(io.BytesIO(docx.data)) as archive:
        fields = re.findall(r'PAGEREF [^"]*">.*?<w:t[^>]*>([^<]+)</w:t>', archive.read("word/document.xml").decode())
    assert {"i", "ii", "1", "11"} <= set(fields)


@pytest.mark.parametrize("formats", [("md",), ("md", "docx"), ("pdf", "html")])
def test_one_document_is_exported_under_its_number(formats: tuple[str, ...]) -> None:
    files = export_document(SOURCE, by_title(SOURCE, REPAIR), "正文", formats, FORMAL, FONTS)
    assert list(files) == [f"JC-SH-CX-01.{name}" for name in formats]
    assert files.get("JC-SH-CX-01.md", "正文".encode()) == "正文".encode()


def test_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="没有这种格式：odt，可用：md、docx、pdf、html") as caught:
        export_document(SOURCE, by_title(SOURCE, REPAIR), "正文", ["odt"], FORMAL, FONTS)
    assert caught.value.code == "unknown_format"


@pytest.fixture
def firm(undone: Session) -> Firm:
    return with_manual(undone)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return replace(default_workshop(), data=tmp_path)


def built(session: Session, firm: Firm, workshop: Workshop, *formats: Format, on: date = AFTER, fresh: bool = False) -> Build:
    at = moment(3, 1)
    return build_manual(session, firm.organisation, workshop, on=on, formats=formats or ALL, by=SYSTEM, at=at, fresh=fresh)


def test_build_keeps_its_files_under_their_sha256(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row = built(undone, firm, workshop)
    assert [file["name"] for file in row.files] == ["manual.docx", "manual.pdf", "manual.html"]
    for file in row.files:
        data = store.get(workshop.data, file["sha256"])
        assert (file_fingerprint(data), len(data)) == (file["sha256"], file["bytes"])
    assert {file["pages"] for file in row.files} == {28}


def test_build_is_recorded_in_the_trail(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row = built(undone, firm, workshop)
    entry = entries(undone, firm.organisation.id)[-1]
    assert (entry.action, entry.subject_id) == ("manual:build", row.fingerprint)
    assert entry.details["files"] == {file["name"]: file["sha256"] for file in row.files}
    assert verify(undone, firm.organisation.id).position is None


def test_finished_build_of_the_same_source_is_returned(undone: Session, firm: Firm, workshop: Workshop) -> None:
    first = built(undone, firm, workshop)
    length = len(entries(undone, firm.organisation.id))
    assert built(undone, firm, workshop) is first
    assert built(undone, firm, workshop, Format.PDF) is first
    assert len(undone.exec(select(Build)).all()) == 1
    assert len(entries(undone, firm.organisation.id)) == length


def test_build_that_lacks_a_format_does_not_do(undone: Session, firm: Firm, workshop: Workshop) -> None:
    built(undone, firm, workshop, Format.PDF)
    row = built(undone, firm, workshop, Format.PDF, Format.DOCX)
    assert [file["name"] for file in row.files] == ["manual.docx", "manual.pdf"]


def test_another_day_is_another_build(undone: Session, firm: Firm, workshop: Workshop) -> None:
    one, other = (built(undone, firm, workshop, Format.PDF, on=date(2026, 3, number)) for number in (1, 2))
    assert one.fingerprint != other.fingerprint


def test_fresh_build_is_rendered_again_to_the_same_bytes(undone: Session, firm: Firm, workshop: Workshop) -> None:
    first, second = built(undone, firm, workshop), built(undone, firm, workshop, fresh=True)
    assert first.id != second.id
    assert (first.files, first.fingerprint) == (second.files, second.fingerprint)
    assert builds(undone, firm.organisation.id)[0].id in (first.id, second.id)


def test_two_builds_of_the_same_source_at_once_are_one(undone: Session, firm: Firm, workshop: Workshop) -> None:
    def prepared(fresh: bool = False) -> Prepared:
        return prepare_manual(undone, firm.organisation, workshop, on=AFTER, formats=[Format.DOCX], fresh=fresh)

    def kept(made: Prepared) -> Build:
        return keep_manual(undone, firm.organisation, workshop.data, stored(workshop.data, made), by=SYSTEM, at=moment(3, 1))

    first, second, fresh = prepared(), prepared(), prepared(fresh=True)
    assert first.finished is second.finished is None
    row = kept(first)
    length = len(entries(undone, firm.organisation.id))
    assert kept(second) is row
    assert len(entries(undone, firm.organisation.id)) == length
    assert kept(fresh).id != row.id


def test_builds_of_other_sources_are_not_read_to_find_one(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row = built(undone, firm, workshop, Format.DOCX)
    built(undone, firm, workshop, Format.DOCX, on=date(2026, 3, 2))
    with loaded(undone, Build) as rows:
        found = find_build(undone, firm.organisation.id, row.fingerprint, [Format.DOCX])
    assert [each.id for each in rows] == [row.id]
    assert found is rows[0]


def test_file_of_another_organisations_build_is_not_found(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row, other = built(undone, firm, workshop, Format.PDF), with_manual(undone, "YI")
    assert find_file(undone, firm.organisation.id, row.id, "manual.pdf")["sha256"] == row.files[0]["sha256"]
    for organisation, name, code in (
        (other.organisation.id, "manual.pdf", "build_not_found"),
        (firm.organisation.id, "manual.docx", "manual_file_not_found"),
    ):
        with pytest.raises(NotFound) as caught:
            find_file(undone, organisation, row.id, name)
        assert caught.value.code == code


def test_manual_without_anything_in_force_leaves_nothing_behind(undone: Session, firm: Firm, workshop: Workshop) -> None:
    with pytest.raises(InputError):
        built(undone, firm, workshop, on=date(2025, 1, 1))
    assert undone.exec(select(Build)).all() == []
    assert list(workshop.data.iterdir()) == []
    assert firm.organisation.name == COMPANY
