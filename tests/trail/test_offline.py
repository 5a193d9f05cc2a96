"""An export is verified without any database, and one changed byte is enough to refuse it."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from tampering import AT, chain

from service.errors import InputError
from service.settings import ROOT
from service.trail.actions import anchor
from service.trail.anchors import Anchor, signed
from service.trail.chain import Fault, Head, Link, Verdict
from service.trail.export import export_lines
from service.trail.offline import verify_export
from service.trail.queries import anchors_of, head_of, links
from service.trail.rules import START, canonical_json, seal_of

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OWNER = "12" * 16


def small() -> tuple[bytes, tuple[Anchor, ...]]:
    """An export of three entries made without a database, anchored at the last."""
    previous, made = START, []
    for position in (1, 2, 3):
        details = canonical_json({"标题": "售后𠮷😀", "数": [1.0, -0.0, 1e22, None], "\u0000": "\n"})
        own = ("2026-03-01T02:30:15.123456+00:00", "li", "revision:edit", "document", f"JC/SH-{position}", details)
        sealed = seal_of(previous, OWNER, position, own)
        made.append(Link(position, previous, sealed, own))
        previous = sealed
    text = b"".join(export_lines("JC", UUID(hex=OWNER), Head(3, previous), made))
    return text, (signed(KEY, "JC", 3, previous, AT),)


EXPORT, ANCHORS = small()


def outcome(data: bytes, anchors: tuple[Anchor, ...] = ANCHORS) -> Verdict | str:
    """The verdict, or the code of the refusal."""
    try:
        return verify_export(BytesIO(data), anchors, KEY.public_key())
    except InputError as fault:
        return fault.code


def test_export_of_a_database_is_accepted(undone: Session) -> None:
    owner = chain(undone, 5)
    anchor(undone, owner.id, owner.code, KEY, at=AT)
    lines = list(export_lines(owner.code, owner.id, head_of(undone, owner.id), links(undone, owner.id)))
    assert len(lines) == 6
    assert verify_export(lines, anchors_of(undone, owner.id), KEY.public_key()) == Verdict(5)


def test_untouched_export_is_accepted() -> None:
    assert outcome(EXPORT) == Verdict(3)


def refused(result: Verdict | str) -> bool:
    return isinstance(result, str) or not result.holds


@given(st.integers(0, len(EXPORT) - 1), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_refused(place: int, difference: int) -> None:
    changed = bytearray(EXPORT)
    changed[place] ^= difference
    assert refused(outcome(bytes(changed)))


@given(st.integers(0, len(EXPORT) - 1))
def test_export_cut_short_anywhere_is_refused(length: int) -> None:
    assert refused(outcome(EXPORT[:length]))


@given(st.integers(0, len(EXPORT)), st.binary(min_size=1, max_size=3))
def test_inserted_bytes_are_refused(place: int, more: bytes) -> None:
    assert refused(outcome(EXPORT[:place] + more + EXPORT[place:]))


def test_removed_exchanged_or_repeated_lines_are_named() -> None:
    head, *rows = EXPORT.splitlines(keepends=True)
    assert outcome(head + rows[0] + rows[2]) == Verdict(1, Fault.REMOVED, 2)
    assert outcome(head + rows[1] + rows[0] + rows[2]) == Verdict(0, Fault.REORDERED, 1)
    assert outcome(head + rows[0] + rows[1]) == Verdict(2, Fault.CUT, 3)
    assert outcome(head) == Verdict(0, Fault.EMPTIED, 1)
    assert outcome(EXPORT + rows[2]) == Verdict(3, Fault.CHANGED, 4)


def test_shorter_export_with_a_fitting_first_line_is_found_by_the_anchor() -> None:
    head, *rows = EXPORT.splitlines(keepends=True)
    first = json.loads(head) | {"count": 2, "seal": json.loads(rows[1])["seal"]}
    assert outcome(canonical_json(first).encode() + b"\n" + rows[0] + rows[1]) == Verdict(2, Fault.CUT, 3)


def test_export_without_an_anchor_of_its_organisation_proves_nothing() -> None:
    assert outcome(EXPORT, ()) == "anchor_missing"
    assert outcome(EXPORT, (signed(KEY, "YI", 3, ANCHORS[0].seal, AT),)) == "anchor_missing"


def test_anchor_of_another_key_is_refused() -> None:
    forged = signed(Ed25519PrivateKey.from_private_bytes(b"o" * 32), "JC", 3, ANCHORS[0].seal, AT)
    assert outcome(EXPORT, (forged,)) == Verdict(0, Fault.BAD_ANCHOR, 3)


@pytest.mark.parametrize("data", [b"", b"\n", b"null\n", b"[" * 100_000])
def test_what_is_no_export_is_refused(data: bytes) -> None:
    assert outcome(data) == "bad_trail_export"


def test_refusal_names_file_and_line() -> None:
    lines = EXPORT.splitlines(keepends=True)
    with pytest.raises(InputError) as caught:
        verify_export([*lines[:2], b" " + lines[2]], ANCHORS, KEY.public_key(), "trail.jsonl")
    assert str(caught.value).startswith("trail.jsonl:3:")


def test_each_line_of_an_export_follows_from_the_one_before() -> None:
    rows = [json.loads(line) for line in EXPORT.splitlines()[1:]]
    assert all(later["previous"] == row["seal"] for row, later in pairwise(rows))


def test_offline_verification_loads_no_database() -> None:
    code = "import service.trail.offline, sys; print([name for name in sys.modules if name.startswith(('sql', 'psycopg', 'fastapi'))])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"
