"""The organisation's signature: valid by its own certificates, broken by any change; the pages stay PDF/A pages."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from book.pdf_archive import faults
from book.pdf_reading import EVERY, FONTS, printed
from book.stamps import UNCONTROLLED
from service.book.pdf_sign import read_key, sign_pdf
from service.book.stamp import stamp
from service.book.theme import FORMAL
from service.errors import InputError

AT = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)
PASSPHRASE = "只在测试里用"


def name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words), x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")])


def certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, authority: bool
) -> x509.Certificate:
    usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    made = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
    made = made.serial_number(7 if authority else 8).not_valid_before(AT - timedelta(days=100)).not_valid_after(AT + timedelta(days=300))
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True).add_extension(usage, critical=True)
    return made.sign(by, hashes.SHA256())


@cache
def files() -> tuple[bytes, bytes]:
    """A PKCS#12 file of the organisation, and its authority's certificate."""
    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("测试签发机构", above, "测试签发机构", above, authority=True)
    leaf = certificate("示例电器有限公司", own, "测试签发机构", above, authority=False)
    packed = pkcs12.serialize_key_and_certificates(b"seal", own, leaf, [root], BestAvailableEncryption(PASSPHRASE.encode()))
    return packed, root.public_bytes(Encoding.DER)


@cache
def signed() -> bytes:
    return sign_pdf(printed(EVERY).data, read_key(files()[0], PASSPHRASE), at=AT, reason="发布")


def status(data: bytes) -> object:
    context = ValidationContext(trust_roots=[Certificate.load(files()[1])], allow_fetching=False, moment=AT)
    [signature] = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return validate_pdf_signature(signature, context)


def test_signature_is_valid_trusted_and_covers_the_whole_file() -> None:
    found = status(signed())
    assert (found.intact, found.valid, found.trusted, found.bottom_line) == (True, True, True, True)  # type: ignore[attr-defined]
    assert found.coverage.name == "ENTIRE_FILE"  # type: ignore[attr-defined]


def test_signature_is_pades_by_the_organisation_at_the_told_moment() -> None:
    [signature] = PdfFileReader(io.BytesIO(signed())).embedded_signatures
    assert signature.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value
    assert signature.sig_object["/Name"] == "示例电器有限公司"
    assert signature.self_reported_timestamp == AT
    assert signature.docmdp_level is not None


def test_signing_adds_to_the_file_and_changes_nothing_of_it() -> None:
    before = printed(EVERY).data
    assert signed().startswith(before)
    assert len(signed()) > len(before)


def test_changed_byte_breaks_the_signature() -> None:
    place = signed().index(b"stream\n") + 9
    data = signed()[:place] + bytes([signed()[place] ^ 1]) + signed()[place + 1 :]
    assert not status(data).intact  # type: ignore[attr-defined]


def test_stranger_is_not_trusted() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    root = certificate("别的机构", stranger, "别的机构", stranger, authority=True).public_bytes(Encoding.DER)
    [signature] = PdfFileReader(io.BytesIO(signed())).embedded_signatures
    context = ValidationContext(trust_roots=[Certificate.load(root)], allow_fetching=False, moment=AT)
    assert not validate_pdf_signature(signature, context).trusted


def test_signed_file_stays_pdf_a() -> None:
    assert faults(signed()) == []
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        assert len(pdf.pages) == printed(EVERY).layout.total
        assert "/Version" not in pdf.Root


def test_stamped_copy_can_be_signed() -> None:
    copy = stamp(printed(EVERY).data, "pdf", UNCONTROLLED, FORMAL, FONTS)
    assert status(sign_pdf(copy, read_key(files()[0], PASSPHRASE), at=AT)).bottom_line  # type: ignore[attr-defined]


@pytest.mark.parametrize("day", [-101, 301])
def test_certificate_out_of_its_time_signs_nothing(day: int) -> None:
    with pytest.raises(InputError) as caught:
        sign_pdf(printed(EVERY).data, read_key(files()[0], PASSPHRASE), at=AT + timedelta(days=day))
    assert caught.value.code == "signing_key_not_valid"


@pytest.mark.parametrize(("data", "passphrase"), [(None, "别的口令"), (None, ""), (b"", PASSPHRASE), (b"no PKCS#12", PASSPHRASE)])
def test_unusable_key_is_refused_in_words(data: bytes | None, passphrase: str) -> None:
    with pytest.raises(InputError) as caught:
        read_key(files()[0] if data is None else data, passphrase)
    assert caught.value.code == "bad_signing_key"


@pytest.mark.parametrize("file", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_not_signed(file: bytes) -> None:
    with pytest.raises(InputError) as caught:
        sign_pdf(file, read_key(files()[0], PASSPHRASE), at=AT)
    assert caught.value.code == "not_signable"


def test_file_is_signed_once() -> None:
    with pytest.raises(InputError) as caught:
        sign_pdf(signed(), read_key(files()[0], PASSPHRASE), at=AT)
    assert caught.value.code == "not_signable"
