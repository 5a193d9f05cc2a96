"""What was signed before there were seals is sealed by the migration, and what was under way goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from alembic import command
from small_firm import founded
from sqlalchemy import Connection, Engine, MetaData, Table, text

from service.approvals.queries import running_approval, signoffs
from service.approvals.route import DEFAULT_ROUTE
from service.approvals.verify import verify_signoffs
from service.db import reading, writing
from service.documents.models import Revision
from service.migrations import configuration, migrate
from service.organisations.queries import find_organisation
from service.trail.queries import entries, verify

SIGNED, RETURNED = datetime(2026, 1, 5, 2, 30, 15, 123456, tzinfo=UTC), datetime(2026, 1, 6, 2, tzinfo=UTC)


def insert(connection: Connection, table: str, **values: object) -> None:
    """A row as it was before the migration; every column that has no value here is empty text or nothing."""
    there = Table(table, MetaData(), autoload_with=connection)
    blank = {column.name: "" for column in there.columns if not column.nullable and column.name not in values}
    sqlite = connection.dialect.name == "sqlite"
    kept = {name: value.hex if sqlite and isinstance(value, UUID) else value for name, value in values.items()}
    connection.execute(there.insert(), {**blank, **kept})


def signed_then(connection: Connection, organisation: UUID, document: UUID, revision: UUID) -> None:
    ids = {"id": uuid4(), "organisation_id": organisation}
    insert(connection, "document", **{**ids, "id": document}, number="JC/SH-CX-01", kind="procedure", serial=1, created_at=SIGNED)
    insert(
        connection,
        "revision",
        **{**ids, "id": revision},
        document_id=document,
        edition="A",
        revision_number=0,
        status="in_approval",
        variables={},
        fingerprint="f" * 64,
        created_at=SIGNED,
        created_by="ding",
    )
    rows = (("prepare", "ding", "丁四", None), ("review", "yi", "易二", None), ("review", "wu", "吴五", RETURNED))
    for meaning, login, name, voided in rows:
        insert(
            connection,
            "signoff",
            id=uuid4(),
            organisation_id=organisation,
            revision_id=revision,
            meaning=meaning,
            login=login,
            name=name,
            at=SIGNED,
            fingerprint="f" * 64,
            voided_at=voided,
        )


def older(engine: Engine) -> tuple[UUID, UUID]:
    """An organisation with signatures in a database of the day before the migration; its id and the revision's."""
    with writing(engine) as session:
        organisation = founded(session).organisation.id
    document, revision = uuid4(), uuid4()
    with engine.execution_options(writes=True).begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        signed_then(connection, organisation, document, revision)
    return organisation, revision


def test_older_signatures_are_sealed_and_the_trail_vouches_for_them(engine: Engine) -> None:
    organisation, _ = older(engine)
    migrate(engine)
    with reading(engine) as session:
        owner = find_organisation(session, "JC")
        assert verify_signoffs(session, owner) == []
        assert verify(session, organisation).position is None
        entry = entries(session, organisation)[-1]
        assert (entry.action, entry.by, len(entry.details["seals"]), len(entry.details["voided"])) == ("signoff:seal", "system", 3, 1)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE signoff SET name = '马六' WHERE login = 'yi'"))
    with reading(engine) as session:
        assert [str(fault) for fault in verify_signoffs(session, owner)] == ["JC/SH-CX-01 A/0 审核 马六：签署被改动，或被移到别的修订"]


def test_what_was_under_way_goes_on_by_the_rule_that_there_was(engine: Engine) -> None:
    _, key = older(engine)
    migrate(engine)
    with reading(engine) as session:
        revision = session.get_one(Revision, key)
        approval = running_approval(session, revision)
        assert approval is not None
        assert (approval.route, approval.submitted_at, approval.submitted_by) == (DEFAULT_ROUTE, SIGNED, "ding")
        assert [row.login for row in signoffs(session, revision)] == ["ding", "yi"]


def test_database_without_signatures_gets_no_entry(engine: Engine) -> None:
    with writing(engine) as session:
        organisation = founded(session).organisation.id
    with engine.execution_options(writes=True).begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    migrate(engine)
    with reading(engine) as session:
        assert [entry.action for entry in entries(session, organisation)] == ["organisation:create"]
