"""periodic reviews; the register of external documents"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("review_months", sa.Integer(), nullable=False, server_default="12"))
    op.add_column("revision", sa.Column("obsolete_reason", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "periodic_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("post", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_periodic_review_organisation_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_periodic_review_document_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_periodic_review_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_review")),
    )
    op.create_index(op.f("ix_periodic_review_organisation_id"), "periodic_review", ["organisation_id"])
    op.create_index(op.f("ix_periodic_review_document_id"), "periodic_review", ["document_id"])
    _external_documents()


def _external_documents() -> None:
    op.create_table(
        "external_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("replaced_by", sa.String(length=100), nullable=False),
        sa.Column("keeper", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=False),
        sa.Column("end_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_external_document_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_document")),
    )
    op.create_index(op.f("ix_external_document_organisation_id"), "external_document", ["organisation_id"])
    kept = sa.text("ended_at IS NULL")
    columns = ["organisation_id", "number"]
    op.create_index("uq_external_document_kept", "external_document", columns, unique=True, sqlite_where=kept, postgresql_where=kept)
    op.create_table(
        "external_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("external_document_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("replaced_by", sa.String(length=100), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_where", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_external_check_organisation_id")),
        sa.ForeignKeyConstraint(["external_document_id"], ["external_document.id"], name=op.f("fk_external_check_external_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_check")),
    )
    op.create_index(op.f("ix_external_check_organisation_id"), "external_check", ["organisation_id"])
    op.create_index(op.f("ix_external_check_external_document_id"), "external_check", ["external_document_id"])


def downgrade() -> None:
    for table in ("external_check", "external_document", "periodic_review"):
        op.drop_table(table)
    op.drop_column("revision", "obsolete_reason")
    op.drop_column("document", "review_months")
