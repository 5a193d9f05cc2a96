"""approval rules, approvals with the route they take, exceptions from separate duties; sign-offs are sealed; who wrote a draft"""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VALID_COUNTERSIGNATURE = sa.text("voided_at IS NULL AND meaning = 'countersign'")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_approval_rule()
    _create_approval()
    _create_duty_exception()
    op.add_column("revision", sa.Column("edited_by", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("signoff") as batch:
        batch.add_column(sa.Column("exception_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("post_key", sa.String(length=80), nullable=False, server_default=""))
        batch.add_column(sa.Column("seal", sa.String(length=64), nullable=False, server_default=""))
        batch.alter_column("post", existing_type=sa.String(length=100), type_=sa.String(length=400), existing_nullable=False)
        batch.create_foreign_key(op.f("fk_signoff_exception_id"), "duty_exception", ["exception_id"], ["id"])
    with op.batch_alter_table("signoff") as batch:
        batch.alter_column("post_key", existing_type=sa.String(length=80), server_default=None, existing_nullable=False)
        batch.alter_column("seal", existing_type=sa.String(length=64), server_default=None, existing_nullable=False)
    op.create_index(
        "uq_signoff_countersigned_post",
        "signoff",
        ["revision_id", "post_key"],
        unique=True,
        sqlite_where=VALID_COUNTERSIGNATURE,
        postgresql_where=VALID_COUNTERSIGNATURE,
    )
    _seal_what_was_signed()
    _start_what_is_under_way()


def downgrade() -> None:
    op.drop_index("uq_signoff_countersigned_post", "signoff")
    with op.batch_alter_table("signoff") as batch:
        batch.drop_constraint(op.f("fk_signoff_exception_id"), type_="foreignkey")
        batch.drop_column("seal")
        batch.drop_column("post_key")
        batch.drop_column("exception_id")
        batch.alter_column("post", existing_type=sa.String(length=400), type_=sa.String(length=100), existing_nullable=False)
    op.drop_column("revision", "edited_by")
    op.drop_table("duty_exception")
    op.drop_table("approval")
    op.drop_table("approval_rule")


def _route() -> list[sa.Column[Any]]:
    return [
        sa.Column("reviewers", sa.JSON(), nullable=False),
        sa.Column("countersigners", sa.JSON(), nullable=False),
        sa.Column("countersigns_needed", sa.Integer(), nullable=False),
        sa.Column("approvers", sa.JSON(), nullable=False),
    ]


def _create_approval_rule() -> None:
    op.create_table(
        "approval_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=80), nullable=True),
        *_route(),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by", sa.String(length=100), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_approval_rule_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_rule")),
    )
    op.create_index(op.f("ix_approval_rule_organisation_id"), "approval_rule", ["organisation_id"])


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        *_route(),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("submitted_by", sa.String(length=100), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_approval_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_approval_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_approval_revision_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["approval_rule.id"], name=op.f("fk_approval_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_organisation_id"), "approval", ["organisation_id"])
    op.create_index(op.f("ix_approval_revision_id"), "approval", ["revision_id"])
    running = sa.text("ended_at IS NULL")
    op.create_index("uq_approval_running", "approval", ["document_id"], unique=True, sqlite_where=running, postgresql_where=running)


def _create_duty_exception() -> None:
    op.create_table(
        "duty_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("granted_by", sa.String(length=100), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_duty_exception_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_duty_exception_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_exception")),
    )
    op.create_index(op.f("ix_duty_exception_organisation_id"), "duty_exception", ["organisation_id"])


def _hash(*fields: str) -> str:
    """SHA-256 over each field as its length in bytes, a colon and its UTF-8 bytes, as it was on the day of this migration."""
    return hashlib.sha256(b"".join(b"%d:%b" % (len(field), field) for field in (text.encode() for text in fields))).hexdigest()


def _iso(moment: datetime) -> str:
    """SQLite gives moments in UTC without saying so."""
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()


def _seal_what_was_signed() -> None:
    """Sign-offs from before there were seals get theirs, and one entry in each organisation's trail that vouches for them from now on."""
    own = ("meaning", "login", "name", "post", "at", "fingerprint", "comment")
    query = (
        f"SELECT s.id, s.organisation_id, o.code, d.number, r.edition, r.revision_number, s.voided_at, {', '.join('s.' + n for n in own)} "  # noqa: S608  # names from here
        "FROM signoff s JOIN revision r ON r.id = s.revision_id JOIN document d ON d.id = r.document_id "
        "JOIN organisation o ON o.id = s.organisation_id ORDER BY o.code, s.at, s.id"
    )
    types: dict[str, Any] = {"id": sa.Uuid(), "organisation_id": sa.Uuid(), "at": MOMENT, "voided_at": MOMENT}
    rows = op.get_bind().execute(sa.text(query).columns(**types)).all()
    change = sa.text("UPDATE signoff SET seal = :seal WHERE id = :id").bindparams(sa.bindparam("id", type_=sa.Uuid()))
    sealed: dict[uuid.UUID, dict[str, list[str]]] = {}
    for row in rows:
        words = (row.meaning, row.login, row.name, row.post, "", _iso(row.at), row.fingerprint, row.comment, "")
        seal = _hash(row.code, row.number, f"{row.edition}/{row.revision_number}", *words)
        op.get_bind().execute(change, {"seal": seal, "id": row.id})
        details = sealed.setdefault(row.organisation_id, {"seals": [], "voided": []})
        details["seals"].append(seal)
        details["voided"] += [seal] if row.voided_at is not None else []
    for organisation, details in sealed.items():
        _record(organisation, details)


def _record(organisation: uuid.UUID, details: dict[str, list[str]]) -> None:
    heads = sa.table("trail_head", sa.column("organisation_id", sa.Uuid()), sa.column("position"), sa.column("seal"))
    own = heads.c.organisation_id == organisation
    position, previous = op.get_bind().execute(sa.select(heads.c.position, heads.c.seal).where(own)).one()
    at, text = datetime.now(UTC), json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    said = {"by": "system", "action": "signoff:seal", "subject": "signoff", "subject_id": ""}
    seal = _hash(previous, organisation.hex, str(position + 1), _iso(at), *said.values(), text)
    columns: list[Any] = [sa.column(name) for name in ("position", *said, "details", "previous", "seal")]
    entries = sa.table(
        "trail_entry", sa.column("id", sa.Uuid()), sa.column("organisation_id", sa.Uuid()), sa.column("at", MOMENT), *columns
    )
    stored = sa.literal(text, sa.String())
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "organisation_id": organisation,
        "position": position + 1,
        "at": at,
        "previous": previous,
        "seal": seal,
    }
    values["details"] = stored if op.get_bind().dialect.name == "sqlite" else sa.cast(stored, sa.JSON())
    op.get_bind().execute(entries.insert().values(**values, **said))
    op.get_bind().execute(heads.update().where(own).values(position=position + 1, seal=seal))


def _start_what_is_under_way() -> None:
    """What was submitted before goes on by the rule that there was: anybody reviews, management approves."""
    query = (
        "SELECT r.id, r.organisation_id, r.document_id, COALESCE(s.at, r.created_at) AS at, COALESCE(s.login, r.created_by) AS login "
        "FROM revision r LEFT JOIN signoff s ON s.revision_id = r.id AND s.meaning = 'prepare' AND s.voided_at IS NULL "
        "WHERE r.carrier_id IS NULL AND r.status IN ('in_review', 'countersigning', 'in_approval')"
    )
    types: dict[str, Any] = {"id": sa.Uuid(), "organisation_id": sa.Uuid(), "document_id": sa.Uuid(), "at": MOMENT}
    columns: list[Any] = [sa.column(name, sa.Uuid()) for name in ("id", "organisation_id", "document_id", "revision_id")]
    columns += [sa.column(name, sa.JSON()) for name in ("reviewers", "countersigners", "approvers")]
    columns += [sa.column("countersigns_needed", sa.Integer()), sa.column("submitted_at", MOMENT), sa.column("submitted_by", sa.String())]
    approval = sa.table("approval", *columns)
    for row in op.get_bind().execute(sa.text(query).columns(**types)).all():
        op.get_bind().execute(
            approval.insert(),
            {
                "id": uuid.uuid4(),
                "organisation_id": row.organisation_id,
                "document_id": row.document_id,
                "revision_id": row.id,
                "reviewers": [],
                "countersigners": [],
                "countersigns_needed": 0,
                "approvers": ["general_manager", "management_representative"],
                "submitted_at": row.at,
                "submitted_by": row.login,
            },
        )
