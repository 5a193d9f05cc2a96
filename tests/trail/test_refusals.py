"""The database itself refuses to change or remove what the trail holds, whoever asks."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from tampering import AT, chain

from service.organisations.models import Organisation
from service.trail.actions import anchor
from service.trail.chain import Verdict
from service.trail.queries import anchors_of, verify

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
EVERYWHERE = [
    "UPDATE trail_entry SET by = 'qian'",
    "UPDATE trail_entry SET position = position + 10 WHERE position = 2",
    "DELETE FROM trail_entry WHERE position = 2",
    "DELETE FROM trail_entry",
    "UPDATE trail_anchor SET count = 1",
    "DELETE FROM trail_anchor",
]
BY_DIALECT = {
    "postgresql": [
        "TRUNCATE trail_entry",
        "TRUNCATE trail_anchor",
        "TRUNCATE organisation CASCADE",
        "INSERT INTO trail_entry SELECT * FROM trail_entry ON CONFLICT (id) DO UPDATE SET by = 'qian'",
    ],
    "sqlite": [
        "INSERT OR REPLACE INTO trail_entry SELECT * FROM trail_entry WHERE position = 2",
        "REPLACE INTO trail_anchor SELECT * FROM trail_anchor",
        "UPDATE OR REPLACE trail_entry SET position = 1 WHERE position = 2",
    ],
}


def refused(session: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="is append-only"), session.begin_nested():
        session.execute(text(statement))


@pytest.fixture
def owner(undone: Session) -> Organisation:
    """Three entries and an anchor, which every attempt must leave as they are."""
    owner = chain(undone, 3)
    anchor(undone, owner.id, owner.code, KEY, at=AT)
    return owner


def is_whole(session: Session, owner: Organisation) -> bool:
    anchors = anchors_of(session, owner.id)
    return len(anchors) == 1 and verify(session, owner.id, anchors, KEY.public_key()) == Verdict(3)


@pytest.mark.parametrize("statement", EVERYWHERE)
def test_database_refuses_to_change_or_remove(undone: Session, owner: Organisation, statement: str) -> None:
    refused(undone, statement)
    assert is_whole(undone, owner)


def test_database_refuses_its_own_ways_round(undone: Session, owner: Organisation) -> None:
    for statement in BY_DIALECT[undone.connection().dialect.name]:
        refused(undone, statement)
    assert is_whole(undone, owner)
