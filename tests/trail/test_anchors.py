"""Anchors: one a day for a head, signed with a key that stays in the data folder, read back from JSON."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlmodel import Session
from tampering import AT, chain, organisation, set_head

from service.db import reading, writing
from service.errors import InputError, ServiceError
from service.trail.actions import anchor, record
from service.trail.anchors import is_genuine, read_anchors, read_public_key, signed, write_anchors
from service.trail.keys import PRIVATE, PUBLIC, public_key, public_pem, signing_key
from service.trail.queries import anchors_of, entries

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
ANCHOR = signed(KEY, "JC", 5, "ab" * 32, AT)


def test_anchor_says_whose_chain_how_long_and_its_last_seal(undone: Session) -> None:
    owner = chain(undone, 3)
    row = anchor(undone, owner.id, owner.code, KEY, at=AT)
    assert (row.code, row.count, row.seal, row.at) == ("JC", 3, entries(undone, owner.id)[-1].seal, AT)
    undone.expire_all()
    [kept] = anchors_of(undone, owner.id)
    assert is_genuine(kept, KEY.public_key())


def test_same_head_on_the_same_day_gives_the_same_anchor(undone: Session) -> None:
    owner = chain(undone, 3)
    first = anchor(undone, owner.id, owner.code, KEY, at=AT)
    shanghai = (AT + timedelta(hours=3)).astimezone(timezone(timedelta(hours=8)))
    assert anchor(undone, owner.id, owner.code, KEY, at=shanghai).id == first.id
    assert len(entries(undone, owner.id)) == 3


def test_next_day_or_new_head_gives_another_anchor(undone: Session) -> None:
    owner = chain(undone, 3)
    anchor(undone, owner.id, owner.code, KEY, at=AT)
    anchor(undone, owner.id, owner.code, KEY, at=AT + timedelta(days=1))
    record(undone, owner.id, at=AT, by="li", action="a", subject="s", subject_id="1")
    anchor(undone, owner.id, owner.code, KEY, at=AT + timedelta(days=1))
    assert [each.count for each in anchors_of(undone, owner.id)] == [3, 3, 4]


def test_anchors_of_many_at_once_are_one(engine: Engine) -> None:
    with writing(engine) as session:
        owner = chain(session, 2)

    def sign(_: int) -> None:
        with writing(engine) as session:
            anchor(session, owner.id, owner.code, KEY, at=AT)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sign, range(8)))
    with reading(engine) as session:
        assert len(anchors_of(session, owner.id)) == 1


def test_empty_chain_or_wrong_head_is_never_signed(undone: Session) -> None:
    nothing, owner = organisation(undone, "YI"), chain(undone, 3)
    set_head(undone, owner, 3, "0" * 64)
    for each in (nothing, owner):
        with pytest.raises(ServiceError) as caught:
            anchor(undone, each.id, each.code, KEY, at=AT)
        assert caught.value.code == "trail_not_anchorable"
        assert anchors_of(undone, each.id) == ()


def test_anchors_read_as_they_were_written() -> None:
    other = signed(KEY, "乙", 6, "cd" * 32, AT.replace(microsecond=0))
    assert read_anchors(write_anchors([ANCHOR, other])) == (ANCHOR, other)
    assert read_anchors(write_anchors([])) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"count": "5"},
        {"count": 0},
        {"count": True},
        {"count": 5.0},
        {"seal": None},
        {"at": "yesterday"},
        {"at": "2026-03-01T02:30:15"},
        {"x": 1},
    ],
)
def test_what_is_no_anchor_is_refused(changes: dict[str, object]) -> None:
    [row] = json.loads(write_anchors([ANCHOR]))
    refuse_anchors(json.dumps([row | changes]))


@pytest.mark.parametrize("text", ["", "{}x", "7", "[7]", "[[]]", "[{}]", '{"organisation": "JC"}', "[" * 100_000])
def test_what_is_no_list_of_anchors_is_refused(text: str) -> None:
    refuse_anchors(text)


def refuse_anchors(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_anchors(text, "anchors.json")
    assert caught.value.code == "bad_anchors"
    assert str(caught.value).startswith("anchors.json:")


def test_key_is_made_once_and_the_private_half_is_the_owners_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert public_key(data) is None
    key = signing_key(data)
    assert signing_key(data).private_bytes_raw() == key.private_bytes_raw()
    assert sorted(file.name for file in data.iterdir()) == [PRIVATE, PUBLIC]
    assert stat.S_IMODE((data / PRIVATE).stat().st_mode) == 0o600
    assert (data / PUBLIC).read_bytes() == public_pem(key.public_key())
    known = public_key(data)
    assert known is not None
    assert is_genuine(signed(key, "JC", 1, "", AT), known)


def test_key_made_by_many_at_once_is_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: signing_key(tmp_path).private_bytes_raw(), range(16)))
    assert len(set(keys)) == 1


@pytest.mark.parametrize("content", [b"", b"no key", public_pem(KEY.public_key())])
def test_file_that_is_no_private_key_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PRIVATE).write_bytes(content)
    with pytest.raises(InputError) as caught:
        signing_key(tmp_path)
    assert caught.value.code == "signing_key_not_usable"
    assert (tmp_path / PRIVATE).read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_what_is_no_public_key_is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_public_key(content, "key.pem")
    assert caught.value.code == "bad_public_key"
