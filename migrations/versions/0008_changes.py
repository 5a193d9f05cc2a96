"""change requests and their items"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("impact", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_name", sa.String(length=100), nullable=False),
        sa.Column("created_post", sa.String(length=200), nullable=False),
        sa.Column("edited_by", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_name", sa.String(length=100), nullable=False),
        sa.Column("decided_post", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("decided_entry", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_change_request_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_change_request_organisation_id_number")),
        sa.UniqueConstraint("organisation_id", "year", "serial", name=op.f("uq_change_request_organisation_id_year_serial")),
    )
    op.create_index(op.f("ix_change_request_organisation_id"), "change_request", ["organisation_id"])
    op.create_table(
        "change_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_kind", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=True),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_change_item_organisation_id")),
        sa.ForeignKeyConstraint(["request_id"], ["change_request.id"], name=op.f("fk_change_item_request_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_change_item_document_id")),
        sa.ForeignKeyConstraint(["former_id"], ["revision.id"], name=op.f("fk_change_item_former_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_change_item_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_item")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_change_item_request_id_position")),
    )
    op.create_index(op.f("ix_change_item_organisation_id"), "change_item", ["organisation_id"])
    op.create_index(op.f("ix_change_item_document_id"), "change_item", ["document_id"])
    op.create_index(op.f("ix_change_item_revision_id"), "change_item", ["revision_id"])


def downgrade() -> None:
    op.drop_table("change_item")
    op.drop_table("change_request")
