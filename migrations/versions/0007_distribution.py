"""distribution: recipients, numbered copies, questions and read-and-acknowledge"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _recipient()
    _copy_number()
    _copy()
    _question()
    _acknowledgement()


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=100), nullable=False)


def _recipient() -> None:
    standing = sa.text("ended_at IS NULL")
    op.create_table(
        "recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("post", sa.String(length=80), nullable=True),
        _moment("created_at"),
        _person("created_by"),
        _moment("ended_at", nullable=True),
        _person("ended_by"),
        sa.CheckConstraint("department IS NULL OR post IS NULL", name=op.f("ck_recipient_one_kind")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_recipient_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_recipient_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
    )
    op.create_index(
        "ix_recipient_standing", "recipient", ["organisation_id", "document_id"], sqlite_where=standing, postgresql_where=standing
    )


def _copy_number() -> None:
    valid = sa.text("cancelled_at IS NULL")
    op.create_table(
        "copy_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=220), nullable=False),
        _moment("assigned_at"),
        _moment("cancelled_at", nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_copy_number_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_copy_number_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_number")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_copy_number_document_id_number")),
    )
    op.create_index(op.f("ix_copy_number_organisation_id"), "copy_number", ["organisation_id"])
    op.create_index(
        "uq_copy_number_holder", "copy_number", ["document_id", "holder"], unique=True, sqlite_where=valid, postgresql_where=valid
    )


def _copy() -> None:
    out = sa.text("settled_at IS NULL")
    op.create_table(
        "copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("holder_login", sa.String(length=100), nullable=True),
        _person("holder_name"),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("medium", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        _moment("issued_at"),
        _person("issued_by"),
        sa.Column("received_on", sa.Date(), nullable=True),
        _moment("received_at", nullable=True),
        _person("received_by"),
        sa.Column("receipt_note", sa.String(length=500), nullable=False),
        sa.Column("recall_due_on", sa.Date(), nullable=True),
        _moment("recall_due_at", nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("recalled_on", sa.Date(), nullable=True),
        _moment("recalled_at", nullable=True),
        _person("recalled_by"),
        sa.Column("recall_note", sa.String(length=500), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        _person("witness"),
        sa.Column("settled_on", sa.Date(), nullable=True),
        _moment("settled_at", nullable=True),
        _person("settled_by"),
        sa.Column("settlement_note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "copy_number"], ["copy_number.document_id", "copy_number.number"], name=op.f("fk_copy_copy_number")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_copy_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_copy_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_copy_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
    )
    op.create_index("ix_copy_document", "copy", ["organisation_id", "document_id"])
    op.create_index(op.f("ix_copy_holder_login"), "copy", ["holder_login"])
    op.create_index("uq_copy_out", "copy", ["revision_id", "copy_number"], unique=True, sqlite_where=out, postgresql_where=out)


def _question() -> None:
    standing = sa.text("ended_at IS NULL")
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("right_options", sa.JSON(), nullable=False),
        _moment("created_at"),
        _person("created_by"),
        _moment("ended_at", nullable=True),
        _person("ended_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_question_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_organisation_id"), "question", ["organisation_id"])
    op.create_index(
        "uq_question_standing", "question", ["revision_id", "position"], unique=True, sqlite_where=standing, postgresql_where=standing
    )


def _acknowledgement() -> None:
    open_ = sa.text("ended_at IS NULL AND excused_at IS NULL")
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        _person("login"),
        _person("name"),
        sa.Column("department", sa.String(length=100), nullable=False),
        _moment("asked_at"),
        _person("asked_by"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _moment("acknowledged_at", nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        _moment("excused_at", nullable=True),
        _person("excused_by"),
        sa.Column("excuse_reason", sa.String(length=500), nullable=False),
        _moment("ended_at", nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_acknowledgement_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_acknowledgement_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_acknowledgement_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    op.create_index(op.f("ix_acknowledgement_document_id"), "acknowledgement", ["document_id"])
    op.create_index("ix_acknowledgement_login", "acknowledgement", ["organisation_id", "login"])
    op.create_index(
        "uq_acknowledgement_asked", "acknowledgement", ["revision_id", "login"], unique=True, sqlite_where=open_, postgresql_where=open_
    )


def downgrade() -> None:
    for table in ("acknowledgement", "question", "copy", "copy_number", "recipient"):
        op.drop_table(table)
