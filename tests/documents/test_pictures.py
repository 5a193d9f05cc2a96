"""An organisation's pictures: made clean and kept once, named by texts, seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import camera_notes, photo, svg
from small_firm import CLONED, Firm, founded, moment
from sqlmodel import Session, select

from service.book.clean_picture import LARGEST
from service.documents.models import Picture
from service.documents.picture_queries import find_picture, pictures_named
from service.documents.picture_rules import LONGEST_NAME, NAMELESS, plain_file_name
from service.documents.pictures import add_picture, images_of, sources_there
from service.errors import Forbidden, InputError, NotFound, TooLarge
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.settings import settings
from service.text.parse import parse_procedure
from service.text.pictures import picture_source
from service.trail.queries import entries

FRONT = "---\nkey: a\ntitle: 维修服务程序\nkind: work_instruction\ndepartment: service\n---\n"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the file store."""
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def add(session: Session, firm: Firm, content: bytes | None = None, name: str = "现场.jpg") -> Picture:
    return add_picture(session, firm.organisation, content or photo(exif=camera_notes(6)), name, by=firm.preparer, at=CLONED)


def test_picture_is_made_clean_and_kept_under_its_sha256(undone: Session, data: Path) -> None:
    row = add(undone, founded(undone))
    kept = store.get(data, row.sha256)
    assert (file_fingerprint(kept), len(kept)) == (row.sha256, row.bytes)
    assert b"SECRETMAKER" not in kept
    assert (row.media, row.width, row.height, row.file_name) == ("image/jpeg", 30, 40, "现场.jpg")
    assert (row.uploaded_at, row.uploaded_by) == (CLONED, "ding")


def test_adding_a_picture_is_one_entry_of_the_trail(undone: Session) -> None:
    firm = founded(undone)
    before = len(entries(undone, firm.organisation.id))
    row = add(undone, firm)
    [entry] = entries(undone, firm.organisation.id)[before:]
    assert (entry.action, entry.subject, entry.subject_id, entry.by) == ("picture:add", "picture", row.sha256, "ding")
    assert entry.details == {"file_name": "现场.jpg", "media": "image/jpeg", "width": 30, "height": 40, "bytes": row.bytes}


def test_same_picture_again_is_the_one_that_is_there(undone: Session) -> None:
    firm = founded(undone)
    first = add(undone, firm)
    length = len(entries(undone, firm.organisation.id))
    assert add(undone, firm, name="又一次.jpg") is first
    assert len(undone.exec(select(Picture)).all()) == 1
    assert len(entries(undone, firm.organisation.id)) == length


def test_same_picture_is_each_organisations_own(undone: Session) -> None:
    one, other = founded(undone, "ONE"), founded(undone, "TWO")
    rows = [add(undone, firm) for firm in (one, other)]
    assert rows[0].sha256 == rows[1].sha256
    assert rows[0].id != rows[1].id


def test_only_who_drafts_adds_pictures(undone: Session) -> None:
    firm = founded(undone)
    with pytest.raises(Forbidden) as caught:
        add_picture(undone, firm.organisation, photo(), "现场.jpg", by=firm.reviewer, at=CLONED)
    assert "由文控员或编制人或咨询师完成" in caught.value.message
    assert undone.exec(select(Picture)).all() == []


@pytest.mark.parametrize(
    ("content", "fault", "words"),
    [
        (svg("<script>alert(1)</script>"), InputError, "图.svg:1:含有脚本（<script>）"),
        (photo() + bytes(LARGEST), TooLarge, "图.svg:图片超过 5 MB，请缩小后再上传"),
        ("文字".encode(), InputError, "图.svg:文件内容不是图片"),
        (svg()[:-7], InputError, "图.svg:1:不是完整的 SVG 图片"),
    ],
)
def test_what_is_refused_leaves_nothing(undone: Session, data: Path, content: bytes, fault: type[InputError], words: str) -> None:
    firm = founded(undone)
    with pytest.raises(fault) as caught:
        add(undone, firm, content, "../目录/图.svg")
    assert str(caught.value).startswith(words)
    assert undone.exec(select(Picture)).all() == []
    assert not (data / "files").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("现场.jpg", "现场.jpg"),
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\windows\\a.png", "a.png"),
        ("C:\\照片\\现场 1.jpg", "现场 1.jpg"),
        ("a\x00b\n\r\x1b[31mc.png", "ab[31mc.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ('<b>"图".png', '<b>"图".png'),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("/", NAMELESS),
        ("a/..", NAMELESS),
        ("\ud800", NAMELESS),
    ],
)
def test_name_of_a_file_is_its_last_part_without_control_characters(given: str, kept: str) -> None:
    assert plain_file_name(given) == kept


def test_long_name_is_shortened_and_keeps_its_ending() -> None:
    name = plain_file_name(f"{'图' * 300}.png")
    assert len(name) <= LONGEST_NAME
    assert name.endswith("图.png")
    assert len(plain_file_name("图" * 300)) == LONGEST_NAME


def test_picture_of_another_organisation_is_not_found(undone: Session, data: Path) -> None:
    one, other = founded(undone, "ONE"), founded(undone, "TWO")
    row = add(undone, one)
    assert find_picture(undone, one.organisation.id, row.sha256) is row
    with pytest.raises(NotFound) as caught:
        find_picture(undone, other.organisation.id, row.sha256)
    assert caught.value.code == "picture_not_found"
    text = parse_procedure(f"{FRONT}![现场]({picture_source(row.sha256)})\n")
    assert images_of(undone, one.organisation.id, [text], data) == {picture_source(row.sha256): store.get(data, row.sha256)}
    assert images_of(undone, other.organisation.id, [text], data) == {}
    assert sources_there(undone, other.organisation.id, [text], data) == frozenset()


def test_texts_get_the_pictures_that_they_name_and_no_others(undone: Session, data: Path) -> None:
    firm = founded(undone)
    named, _ = add(undone, firm), add(undone, firm, photo(50, 50))
    text = parse_procedure(f"{FRONT}## 现场\n![现场]({picture_source(named.sha256)})\n\n![](images/a.png)\n\n![](picture:{'0' * 64})\n")
    assert set(images_of(undone, firm.organisation.id, [text], data)) == {picture_source(named.sha256)}
    assert sources_there(undone, firm.organisation.id, [text], data) == {picture_source(named.sha256)}
    assert pictures_named(undone, firm.organisation.id, []) == []


@pytest.mark.parametrize("damage", [b"", b"other bytes"])
def test_picture_whose_file_is_lost_or_changed_is_missing(undone: Session, data: Path, damage: bytes) -> None:
    firm = founded(undone)
    row = add(undone, firm)
    [file] = [each for each in (data / "files").rglob("*") if each.name == row.sha256]
    file.write_bytes(damage) if damage else file.unlink()
    text = parse_procedure(f"{FRONT}![现场]({picture_source(row.sha256)})\n")
    assert images_of(undone, firm.organisation.id, [text], data) == {}


def test_later_upload_brings_a_lost_file_back(undone: Session, data: Path) -> None:
    firm = founded(undone)
    row = add(undone, firm)
    (data / "files" / row.sha256[:2] / row.sha256).unlink()
    add_picture(undone, firm.organisation, photo(exif=camera_notes(6)), "现场.jpg", by=firm.controller, at=moment(3, 1))
    assert store.get(data, row.sha256)
