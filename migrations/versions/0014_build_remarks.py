"""the remarks of a build: what had to be done so that everything could be printed"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("manual_build", sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("manual_build", "remarks")
