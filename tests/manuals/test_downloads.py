"""What is handed out: stamped copies of builds and documents, registered copies, originals for who checks them; and what is recorded."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from small_firm import Firm, day, found, moment
from small_manual import AFTER, take_into_force, with_manual
from sqlmodel import Session

from service.approvals.actions import obsolete
from service.distribution.actions import recall, return_and_retain
from service.distribution.issue import issue
from service.distribution.queries import copies_numbered
from service.distribution.rules import CopyHolder, Medium
from service.documents.actions import draft_next
from service.errors import Forbidden, InputError, NotFound, Refused
from service.kit import files as store
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.downloads import Download, document_download, keep_record, manual_download
from service.manuals.models import Build
from service.manuals.workshop import Workshop, default_workshop
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import SYSTEM, Actor
from service.trail.queries import entries, verify

REPAIR, NUMBER = "维修服务程序", "JC/SH-CX-01"
AT = datetime(2026, 3, 1, 1, 30, tzinfo=moment(3, 1).tzinfo)  # 9:30 in Shanghai
READER = Actor("xiao", "肖六", ("service_manager",), "维修员", (HeldRole(Role.READER),), ("service",))
AUDITOR = Actor("shen", "申七", (), "", (HeldRole(Role.AUDITOR),))


@pytest.fixture
def firm(undone: Session) -> Firm:
    return with_manual(undone)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return replace(default_workshop(), data=tmp_path)


@pytest.fixture
def build(undone: Session, firm: Firm, workshop: Workshop) -> Build:
    return build_manual(undone, firm.organisation, workshop, on=AFTER, formats=[Format.PDF], by=SYSTEM, at=moment(2, 20))


def words(download: Download) -> list[str]:
    """The words of every page of a PDF."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(download.data)).pages]


def exported(
    session: Session, firm: Firm, workshop: Workshop, by: Actor, format_: str = "pdf", on: date = AFTER, **options: Any
) -> Download:
    options = {"at": AT, **options}
    return document_download(session, firm.organisation, workshop, NUMBER, format_, on=on, by=by, **options)


def issued(session: Session, firm: Firm, *holders: CopyHolder) -> None:
    document, revision = found(session, firm, REPAIR)
    issue(session, firm.organisation, document, revision, holders, medium=Medium.PAPER, by=firm.controller, at=moment(2, 2))


def revised(session: Session, firm: Firm) -> None:
    """A/1 takes force on 1 June."""
    document, _ = found(session, firm, REPAIR)
    revision = draft_next(session, document, by=firm.preparer, at=moment(5, 1), change_summary="改")
    take_into_force(session, firm, document, revision, at=moment(5, 20), effective_on=day(6, 1))


def test_manual_is_handed_out_stamped_on_every_page_and_the_build_stays_as_it_is(
    undone: Session, firm: Firm, workshop: Workshop, build: Build
) -> None:
    made = manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", by=firm.preparer, at=AT)
    stamped = "非受控·下载人丁四（ding）·2026-03-0109:30·仅供参考，以系统现行有效版本为准"
    assert len(words(made)) == build.files[0]["pages"]
    assert all(page.endswith(stamped) for page in words(made))
    assert (made.name, made.raw) == ("JC-manual.pdf", False)
    assert made.sha256 != build.files[0]["sha256"]
    assert store.get(workshop.data, build.files[0]["sha256"]).startswith(b"%PDF")


def test_original_of_a_manual_is_for_who_checks_it(undone: Session, firm: Firm, workshop: Workshop, build: Build) -> None:
    for by in (firm.controller, AUDITOR):
        made = manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", raw=True, by=by, at=AT)
        assert (made.sha256, made.raw) == (build.files[0]["sha256"], True)
    for by in (firm.preparer, firm.approver, READER):
        with pytest.raises(Forbidden, match="由文控员或评审员或咨询师完成"):
            manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", raw=True, by=by, at=AT)


def test_reader_downloads_no_manual(undone: Session, firm: Firm, workshop: Workshop, build: Build) -> None:
    with pytest.raises(Forbidden):
        manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", by=READER, at=AT)


@pytest.mark.parametrize("name", ["manual.docx", "../manual.pdf", ""])
def test_file_that_the_build_has_not_is_not_found(undone: Session, firm: Firm, workshop: Workshop, build: Build, name: str) -> None:
    with pytest.raises(NotFound):
        manual_download(undone, firm.organisation, workshop, build.id, name, by=firm.controller, at=AT)
    with pytest.raises(NotFound):
        manual_download(undone, firm.organisation, workshop, UUID(int=0), "manual.pdf", by=firm.controller, at=AT)


@pytest.mark.parametrize("raw", [False, True])
def test_download_of_a_manual_is_recorded_with_the_hashes_of_build_and_copy(
    undone: Session, firm: Firm, workshop: Workshop, build: Build, raw: bool
) -> None:
    made = manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", raw=raw, by=firm.controller, at=AT)
    keep_record(undone, firm.organisation, made, by=firm.controller, at=AT)
    entry = entries(undone, firm.organisation.id)[-1]
    assert (entry.action, entry.by, entry.at, entry.subject_id) == ("manual:download", "bing", AT, str(build.id))
    assert entry.details == {
        "file": "manual.pdf",
        "stamp": None if raw else "uncontrolled",
        "sha256": build.files[0]["sha256"],
        "handed_out": made.sha256,
    }
    assert verify(undone, firm.organisation.id).position is None


@pytest.mark.parametrize("format_", ["pdf", "docx", "html", "md"])
def test_document_in_force_is_handed_out_to_a_reader_stamped_and_not_recorded(
    undone: Session, firm: Firm, workshop: Workshop, format_: str
) -> None:
    made = exported(undone, firm, workshop, READER, format_)
    assert made.name == f"JC-SH-CX-01.{format_}"
    assert made.entry is None
    length = len(entries(undone, firm.organisation.id))
    keep_record(undone, firm.organisation, made, by=READER, at=AT)
    assert len(entries(undone, firm.organisation.id)) == length
    if format_ == "pdf":
        assert all("非受控·下载人肖六（xiao）" in page for page in words(made))
    if format_ in ("html", "md"):
        assert "非受控 · 下载人 肖六（xiao） · 2026-03-01 09:30" in made.data.decode()


def test_document_that_is_addressed_to_others_is_not_found(undone: Session, firm: Firm, workshop: Workshop) -> None:
    elsewhere = replace(READER, posts=(), departments=())
    with pytest.raises(NotFound):
        exported(undone, firm, workshop, elsewhere)


def test_document_that_is_not_in_force_on_the_day_is_not_found(undone: Session, firm: Firm, workshop: Workshop) -> None:
    with pytest.raises(NotFound) as fault:
        exported(undone, firm, workshop, firm.controller, on=day(1, 31))
    assert fault.value.code == "document_not_in_force"


def test_revision_out_of_use_is_stamped_so_and_its_download_recorded(undone: Session, firm: Firm, workshop: Workshop) -> None:
    revised(undone, firm)
    made = exported(undone, firm, workshop, firm.preparer, at=moment(6, 2))
    assert all("作废·下载人丁四（ding）·2026-06-0210:00·已不再有效，不得使用" in page for page in words(made))
    keep_record(undone, firm.organisation, made, by=firm.preparer, at=moment(6, 2))
    entry = entries(undone, firm.organisation.id)[-1]
    assert (entry.action, entry.subject, entry.subject_id) == ("document:download", "document", NUMBER)
    assert (entry.details["label"], entry.details["format"], entry.details["stamp"]) == ("A/0", "pdf", "obsolete")


def test_document_made_obsolete_is_stamped_so(undone: Session, firm: Firm, workshop: Workshop) -> None:
    document, revision = found(undone, firm, REPAIR)
    obsolete(undone, document, revision, on=day(4, 1), by=firm.controller, at=moment(4, 1), reason="并入")
    made = exported(undone, firm, workshop, firm.controller, at=moment(4, 2))
    assert "作废·" in words(made)[0]


def test_revision_that_takes_force_later_is_uncontrolled_and_recorded(undone: Session, firm: Firm, workshop: Workshop) -> None:
    revised(undone, firm)
    made = exported(undone, firm, workshop, firm.controller, on=day(6, 1), at=moment(5, 25))
    assert "非受控·" in words(made)[0]
    assert made.entry is not None
    assert made.entry["details"]["label"] == "A/1"


def test_holder_takes_his_registered_copy_as_a_controlled_one(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("jia"), CopyHolder("ding"))
    made = exported(undone, firm, workshop, firm.preparer, copy_number=2)
    assert all("受控·分发号02·持有人丁四（ding）·2026-03-0109:30" in page for page in words(made))
    assert made.entry is not None
    assert {key: made.entry["details"][key] for key in ("stamp", "copy_number", "holder")} == {
        "stamp": "controlled",
        "copy_number": 2,
        "holder": "丁四（ding）",
    }


def test_document_controller_hands_out_a_registered_copy(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("jia"), CopyHolder("", "甲方仓库", "外部"))
    made = exported(undone, firm, workshop, firm.controller, copy_number=2)
    assert "受控·分发号02·持有人甲方仓库·发放人邴三（bing）·2026-03-0109:30" in words(made)[0]


def test_registered_copy_of_somebody_else_is_refused(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("jia"))
    for by in (firm.preparer, READER, AUDITOR):
        with pytest.raises(Forbidden, match="由文控员完成"):
            exported(undone, firm, workshop, by, copy_number=1)


def test_number_that_nobody_has_is_not_found(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("jia"))
    with pytest.raises(NotFound, match="分发号为 02") as fault:
        exported(undone, firm, workshop, firm.controller, copy_number=2)
    assert fault.value.code == "copy_not_found"


def test_copy_that_was_taken_back_or_must_be_is_refused(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("jia"), CopyHolder("ding"))
    document, _ = found(undone, firm, REPAIR)
    [held] = copies_numbered(undone, document, 1)
    recall(undone, firm.organisation, held, by=firm.controller, at=moment(2, 10), remark="调岗")
    with pytest.raises(Refused, match="已回收待处置"):
        exported(undone, firm, workshop, firm.controller, copy_number=1)
    revised(undone, firm)
    with pytest.raises(Refused, match="不能再取用") as fault:
        exported(undone, firm, workshop, firm.preparer, copy_number=2, at=moment(6, 2))
    assert fault.value.code == "copy_not_in_use"


def test_copy_that_is_kept_is_stamped_as_retained(undone: Session, firm: Firm, workshop: Workshop) -> None:
    issued(undone, firm, CopyHolder("bing"))
    revised(undone, firm)
    document, _ = found(undone, firm, REPAIR)
    [held] = copies_numbered(undone, document, 1)
    return_and_retain(undone, firm.organisation, held, by=firm.controller, at=moment(6, 2))
    made = exported(undone, firm, workshop, firm.controller, copy_number=1, at=moment(6, 3))
    assert "作废保留·分发号01·持有人邴三（bing）·2026-06-0310:00·仅供查考，不得使用" in words(made)[0]


def test_original_of_a_document_is_recorded_and_never_a_registered_copy(undone: Session, firm: Firm, workshop: Workshop) -> None:
    made = exported(undone, firm, workshop, AUDITOR, raw=True)
    assert not any("非受控" in page for page in words(made))
    assert made.entry is not None
    assert made.entry["details"]["sha256"] == made.entry["details"]["handed_out"] == made.sha256
    with pytest.raises(Forbidden):
        exported(undone, firm, workshop, firm.approver, raw=True)
    with pytest.raises(InputError, match="不能同时"):
        exported(undone, firm, workshop, firm.controller, raw=True, copy_number=1)


def test_same_download_gives_the_same_bytes(undone: Session, firm: Firm, workshop: Workshop) -> None:
    for format_ in ("pdf", "docx", "html", "md"):
        assert exported(undone, firm, workshop, READER, format_) == exported(undone, firm, workshop, READER, format_)
