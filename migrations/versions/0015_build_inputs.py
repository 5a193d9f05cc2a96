"""what a build was made of: every input with its fingerprint"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("manual_build", sa.Column("inputs", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("manual_build", "inputs")
