"""Pictures in manuals and documents: printed, named by the build, missing ones said to be so."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pictures import photo, svg
from small_firm import Firm, moment, template_set
from small_manual import AFTER, DEPARTMENTS, POSTS, TEXTS, with_manual
from sqlmodel import Session

from service.book.clean_picture import clean_picture
from service.checks.queries import find_problems, gather
from service.checks.rules import Severity
from service.documents import pictures as documents_pictures
from service.documents.models import Picture
from service.documents.pictures import add_picture
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.downloads import document_download
from service.manuals.models import Build
from service.manuals.pictures import with_pictures
from service.manuals.queries import load_source
from service.manuals.redline_files import RedlineFormat
from service.manuals.redlines import Edition, Printing, document_redline_files, manual_redline_files
from service.manuals.workshop import Workshop, default_workshop
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import register, standard
from service.text.pictures import picture_source
from service.trail.queries import entries

PHOTO, DRAWING = photo(800, 600), svg("<text x='9' y='30'>受理报修</text>")
CLEAN = [clean_picture(data, "图").data for data in (PHOTO, DRAWING)]
SITE, FLOW = (picture_source(file_fingerprint(data)) for data in CLEAN)
LOST = picture_source("0" * 64)
AT = moment(2, 20)


def with_images(text: str) -> str:
    """Pictures in a procedure's section, in a letter and in the notes of a form."""
    text = text.replace("### 受理 {#accept}\n", f"### 受理 {{#accept}}\n![现场](<{SITE}>)\n\n![流程](<{FLOW}>)\n\n")
    if "title: 颁布令" in text:
        text = f"{text.rstrip()}\n\n![](<{SITE}>)\n"
    return f"{text.rstrip()}\n\n## 填写说明\n![示例](<{LOST}>)\n" if "title: 上门服务记录" in text else text


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path))
    settings.cache_clear()
    yield replace(default_workshop(), data=tmp_path)
    settings.cache_clear()


@pytest.fixture
def firm(undone: Session, workshop: Workshop) -> Firm:
    """Its texts name three pictures, of which it has two, and it has one that no text names."""
    made = with_manual(undone, "JC", template_set(*map(with_images, TEXTS), departments=DEPARTMENTS, posts=POSTS))
    assert workshop.data == settings().data
    for content in (PHOTO, DRAWING, photo(50, 50)):
        add(undone, made, content)
    return made


def add(session: Session, firm: Firm, content: bytes, at: datetime = AT) -> None:
    add_picture(session, firm.organisation, content, "图", by=firm.preparer, at=at)


def built(session: Session, firm: Firm, workshop: Workshop, *formats: Format, fresh: bool = False) -> Build:
    at = moment(3, 1)
    return build_manual(session, firm.organisation, workshop, on=AFTER, formats=formats or list(Format), by=SYSTEM, at=at, fresh=fresh)


def file(row: Build, workshop: Workshop, ending: str) -> bytes:
    [found] = [each["sha256"] for each in row.files if each["name"].endswith(ending)]
    return store.get(workshop.data, found)


def test_build_names_each_picture(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row = built(undone, firm, workshop, Format.HTML)
    expected = [(SITE, False), (FLOW, False), (LOST, True)]
    assert sorted((each["source"], each["missing"]) for each in row.pictures) == sorted(expected)
    assert sorted(entries(undone, firm.organisation.id)[-1].details["pictures"]) == sorted(source for source, _ in expected)


def test_manual_prints_its_pictures_in_every_format(undone: Session, firm: Firm, workshop: Workshop) -> None:
    row = built(undone, firm, workshop)
    with zipfile.ZipFile(io.BytesIO(file(row, workshop, "docx"))) as archive:
        media = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert all(data in media for data in CLEAN)
    html = file(row, workshop, "html").decode()
    assert all(base64.b64encode(data).decode() in html for data in CLEAN)
    assert all(words in html for words in ("图 1 现场", "图 2 流程", "图片缺失：图 1 示例"))


def test_rebuild_is_the_same_to_the_byte(undone: Session, firm: Firm, workshop: Workshop) -> None:
    first, second = built(undone, firm, workshop), built(undone, firm, workshop, fresh=True)
    assert first.id != second.id
    assert (first.files, first.pictures, first.fingerprint) == (second.files, second.pictures, second.fingerprint)
    assert built(undone, firm, workshop) in (first, second)


def test_picture_that_comes_back_is_another_build(undone: Session, firm: Firm, workshop: Workshop) -> None:
    complete = built(undone, firm, workshop, Format.HTML)
    (workshop.data / "files" / SITE[8:10] / SITE[8:]).unlink()
    poorer = built(undone, firm, workshop, Format.HTML)
    assert complete.fingerprint != poorer.fingerprint
    assert {each["source"]: each["missing"] for each in poorer.pictures} == {SITE: True, FLOW: False, LOST: True}
    assert "图片缺失：图 1 现场" in file(poorer, workshop, "html").decode()
    add(undone, firm, PHOTO)
    assert built(undone, firm, workshop, Format.HTML) is complete


def test_only_the_pictures_named_are_loaded(undone: Session, firm: Firm, workshop: Workshop) -> None:
    source = load_source(undone, firm.organisation, standard(), register(), on=AFTER)
    assert set(with_pictures(undone, firm.organisation, source, workshop.data).images) == {SITE, FLOW}


def test_pictures_of_another_organisation_are_missing(undone: Session, firm: Firm, workshop: Workshop) -> None:
    other = with_manual(undone, "YI", template_set(*map(with_images, TEXTS), departments=DEPARTMENTS, posts=POSTS))
    row = built(undone, other, workshop, Format.HTML)
    assert all(each["missing"] for each in row.pictures)
    assert base64.b64encode(CLEAN[0]).decode() not in file(row, workshop, "html").decode()
    assert firm.organisation.id != other.organisation.id


def test_document_on_its_own_prints_its_pictures(undone: Session, firm: Firm, workshop: Workshop) -> None:
    made = document_download(
        undone, firm.organisation, workshop, "JC/SH-CX-01", "html", on=AFTER, raw=True, by=firm.controller, at=moment(3, 1)
    )
    assert all(base64.b64encode(data) in made.data for data in CLEAN)


def test_missing_picture_is_a_problem_of_its_document(undone: Session, firm: Firm, workshop: Workshop) -> None:
    assert workshop.data == settings().data
    found = find_problems(gather(undone, firm.organisation, AFTER, catalogue(), register()))
    missing = [(each.document, each.severity, each.quote) for each in found if each.code == "picture_missing"]
    assert missing == [("JC/SH-JL-02", Severity.ERROR, LOST)]


BROKEN = {SITE: CLEAN[0][: len(CLEAN[0]) // 2], FLOW: b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"}


@pytest.mark.parametrize("kind", ["document", "manual"])
@pytest.mark.parametrize("broken", BROKEN, ids=["photo", "SVG"])
def test_redline_frames_a_picture_that_cannot_be_printed(
    undone: Session, firm: Firm, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, kind: str, broken: str
) -> None:
    read = documents_pictures._bytes_of

    def damaged(row: Picture, data: Path) -> bytes:
        return BROKEN[broken] if picture_source(row.sha256) == broken else read(row, data)

    monkeypatch.setattr(documents_pictures, "_bytes_of", damaged)
    printing = Printing(workshop, list(RedlineFormat))
    made = (
        document_redline_files(undone, firm.organisation, "JC/SH-CX-01", ("A/0", "A/0"), printing, by=SYSTEM)
        if kind == "document"
        else manual_redline_files(undone, firm.organisation, (Edition(AFTER), Edition(AFTER)), printing, by=SYSTEM)
    )
    [docx] = [data for name, data in made.items() if name.endswith("docx")]
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert f"图片不能使用：图 {1 if broken == SITE else 2}" in archive.read("word/document.xml").decode()
