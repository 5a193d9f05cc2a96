"""PDF files that are handed out bear the organisation's signature if the settings name its certificate; builds and originals do not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from book.test_pdf_sign import PASSPHRASE, files
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from small_firm import Firm, moment
from small_manual import AFTER, with_manual
from sqlmodel import Session

from manuals.test_downloads import AT, NUMBER
from service.errors import InputError
from service.kit.files import get
from service.kit.fingerprint import file_fingerprint
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.downloads import Download, document_download, manual_download
from service.manuals.signing import signing_key
from service.manuals.workshop import default_workshop
from service.organisations.rules import SYSTEM
from service.settings import Settings, settings


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings name a certificate, for this test."""
    path = tmp_path / "seal.p12"
    path.write_bytes(files()[0])
    monkeypatch.setenv("SERVICE_MANUAL_SIGNING_P12", str(path))
    monkeypatch.setenv("SERVICE_MANUAL_SIGNING_PASSPHRASE", PASSPHRASE)
    settings.cache_clear()
    yield path
    settings.cache_clear()


def exported(session: Session, firm: Firm, format_: str = "pdf", *, raw: bool = False) -> Download:
    by = firm.controller
    return document_download(session, firm.organisation, default_workshop(), NUMBER, format_, on=AFTER, raw=raw, by=by, at=AT)


def signatures(data: bytes) -> list[str]:
    return [str(each.sig_object["/Name"]) for each in PdfFileReader(io.BytesIO(data)).embedded_signatures]


def test_pdf_is_signed_when_it_is_handed_out(undone: Session, certificate: Path) -> None:
    made = exported(undone, with_manual(undone))
    assert signatures(made.data) == ["示例电器有限公司"]
    assert made.sha256 == file_fingerprint(made.data)


def test_trail_names_the_signer(undone: Session, certificate: Path) -> None:
    """Of a registered or past copy, which is recorded; here: a manual."""
    firm = with_manual(undone)
    workshop = replace(default_workshop(), data=certificate.parent)
    build = build_manual(undone, firm.organisation, workshop, on=AFTER, formats=[Format.PDF], by=SYSTEM, at=moment(2, 20))
    made = manual_download(undone, firm.organisation, workshop, build.id, "manual.pdf", by=firm.preparer, at=AT)
    assert signatures(made.data) == ["示例电器有限公司"]
    assert made.entry is not None
    details = made.entry["details"]
    assert (details["signed_by"], details["handed_out"]) == ("示例电器有限公司", made.sha256)
    assert signatures(get(workshop.data, build.files[0]["sha256"])) == []


def test_original_and_other_formats_are_not_signed(undone: Session, certificate: Path) -> None:
    firm = with_manual(undone)
    assert signatures(exported(undone, firm, raw=True).data) == []
    assert exported(undone, firm, "docx").data.startswith(b"PK")


def test_without_a_certificate_nothing_is_signed(undone: Session) -> None:
    assert signing_key(settings()) is None
    assert signatures(exported(undone, with_manual(undone)).data) == []


def test_certificate_that_is_missing_or_opens_with_another_passphrase_is_named(certificate: Path) -> None:
    with pytest.raises(InputError, match="口令不对"):
        signing_key(Settings(signing_p12=certificate, signing_passphrase=SecretStr("别的口令")))
    with pytest.raises(InputError, match="不存在"):
        signing_key(Settings(signing_p12=certificate.with_name("none.p12")))


def test_exchanged_certificate_is_read_anew(certificate: Path) -> None:
    assert signing_key(settings()) is signing_key(settings())
    first = signing_key(settings())
    certificate.write_bytes(b"exchanged")
    with pytest.raises(InputError):
        signing_key(settings())
    assert first is not None
