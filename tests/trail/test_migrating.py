"""A trail written before it was provable stays whole: details become what was sealed, and nothing can be changed from then on."""

from __future__ import annotations

import json

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from tampering import chain

from service.db import reading, writing
from service.migrations import configuration, migrate
from service.trail.chain import Fault, Verdict
from service.trail.queries import verify

CHANGE = {
    "sqlite": "UPDATE trail_entry SET details = :text WHERE position = 2",
    "postgresql": "UPDATE trail_entry SET details = CAST(:text AS JSON) WHERE position = 2",
}


def back_to(engine: Engine, revision: str) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_older_trail_is_carried_over_and_guarded(engine: Engine) -> None:
    back_to(engine, "0002")
    with writing(engine) as session:
        owner = chain(session, 3)
        older = json.dumps({"words": ["甲", None, 1.5, True], "number": 2})  # as it was stored then: spaces, escapes, any order of keys
        session.connection().execute(text(CHANGE[engine.dialect.name]), {"text": older})
        session.expire_all()
        assert verify(session, owner.id) == Verdict(1, Fault.CHANGED, 2)
    migrate(engine)
    with reading(engine) as session:
        assert verify(session, owner.id) == Verdict(3)
    with pytest.raises(IntegrityError, match="is append-only"), writing(engine) as session:
        session.connection().execute(text("DELETE FROM trail_entry"))
