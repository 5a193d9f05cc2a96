"""The signature of the organisation in a finished PDF: PAdES baseline B (ETSI EN 319 142-1), by pyHanko, without asking any server.

It is the last step, outside of the build: the build stays as it is, and a signed copy is a new file that says when it was signed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from service.errors import InputError

_FIELD, _DIGEST = "OrganisationSignature", "sha256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate and those of its issuers; `owner` is whom the certificate names."""

    signer: SimpleSigner
    owner: str
    begins: datetime
    ends: datetime


def read_key(data: bytes, passphrase: str) -> SigningKey:
    """The key in a PKCS#12 file; InputError `bad_signing_key` if it cannot be opened or holds no key with its certificate."""
    try:
        signer = SimpleSigner.load_pkcs12_data(data, [], passphrase.encode())
        certificate = signer.signing_cert
        owner = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
        return SigningKey(signer, str(owner), certificate.not_valid_before, certificate.not_valid_after)
    except (ValueError, TypeError, AttributeError) as fault:
        raise InputError(
            "签名证书打不开：口令不对，或文件不是含有私钥和证书的 PKCS#12（.p12、.pfx）文件", code="bad_signing_key"
        ) from fault


def sign_pdf(file: bytes, key: SigningKey, *, at: datetime, reason: str = "") -> bytes:
    """The same pages, certified: nothing may be changed afterwards. `at` (aware) is the moment that the signature tells.

    InputError `signing_key_not_valid` outside of the certificate's time, `not_signable` for what is no PDF or is signed already.
    """
    if not key.begins <= at <= key.ends:
        raise InputError(
            f"签名证书（{key.owner}）的有效期为 {key.begins:%Y-%m-%d} 至 {key.ends:%Y-%m-%d}，现在不能用来签名",
            code="signing_key_not_valid",
        )
    told = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm=_DIGEST,
        name=key.owner,
        reason=reason or None,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    try:
        out = _SignerAt(told, key.signer, at).sign_pdf(_SameVersion(io.BytesIO(file)))
    except (PdfError, SigningError) as fault:
        raise InputError("文件不是可以签名的 PDF，或者已经签过名", code="not_signable") from fault
    return bytes(out.getbuffer())


class _SameVersion(IncrementalPdfFileWriter):
    """An addition to a file that stays PDF 1.7, as PDF/A-2 must be (what PAdES adds it names as an extension), and keeps what it says of
    itself: pyHanko would write the metadata anew, with its own name and the hour, and without the mark of PDF/A."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        pass

    def _update_meta(self) -> None:
        pass


class _SignerAt(PdfSigner):
    """A signer that is told the time instead of asking the clock."""

    def __init__(self, told: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(told, signer)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session
