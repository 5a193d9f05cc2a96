"""the order and choice of documents in an organisation's manual"""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its domain."""
