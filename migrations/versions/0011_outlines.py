"""the order and choice of documents in an organisation's manual"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manual_outline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_manual_outline_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_outline")),
        sa.UniqueConstraint("organisation_id", "version", name=op.f("uq_manual_outline_organisation_id_version")),
    )
    op.add_column("manual_build", sa.Column("outline", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("manual_build", "outline")
    op.drop_table("manual_outline")
