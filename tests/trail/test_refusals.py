"""The database itself refuses to change or remove what the trail holds, whoever asks."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from tampering import AT, chain

from service.trail.actions import anchor
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
STATEMENTS = [(dialect, each) for dialect in BY_DIALECT for each in [*EVERYWHERE, *BY_DIALECT[dialect]]]


@pytest.mark.parametrize(("dialect", "statement"), STATEMENTS)
def test_database_refuses_to_change_or_remove(undone: Session, dialect: str, statement: str) -> None:
    if undone.connection().dialect.name != dialect:
        pytest.skip("a statement for the other database")
    owner = chain(undone, 3)
    anchor(undone, owner.id, owner.code, KEY, at=AT)
    with pytest.raises(IntegrityError, match="is append-only"), undone.begin_nested():
        undone.execute(text(statement))
    assert verify(undone, owner.id, anchors_of(undone, owner.id), KEY.public_key()).count == 3
