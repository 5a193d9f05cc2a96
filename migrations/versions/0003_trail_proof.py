"""the trail becomes provable: anchors, details stored as they were sealed, triggers that refuse every change"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("trail_entry", "trail_anchor")


def upgrade() -> None:
    op.create_table(
        "trail_anchor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_trail_anchor_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_anchor")),
        sa.UniqueConstraint("organisation_id", "count", "day", name=op.f("uq_trail_anchor_organisation_id_count_day")),
    )
    _store_details_as_sealed()
    (_refuse_on_sqlite if _dialect() == "sqlite" else _refuse_on_postgresql)()


def downgrade() -> None:
    for table in TABLES:
        for act in ("update", "delete", "replace") if _dialect() == "sqlite" else ("change", "truncate"):
            op.execute(f"DROP TRIGGER {table}_{act}" + ("" if _dialect() == "sqlite" else f" ON {table}"))
    if _dialect() != "sqlite":
        op.execute("DROP FUNCTION trail_refuses()")
    op.drop_table("trail_anchor")


def _dialect() -> str:
    return op.get_bind().dialect.name


def _store_details_as_sealed() -> None:
    """Entries written before: the same value as canonical text. A value that is no longer what was sealed stays so."""
    stored = sa.text("SELECT id, CAST(details AS TEXT) FROM trail_entry")
    on_sqlite = sa.text("UPDATE trail_entry SET details = :text WHERE id = :id")
    on_postgresql = sa.text("UPDATE trail_entry SET details = CAST(:text AS JSON) WHERE id = :id")
    change = on_sqlite if _dialect() == "sqlite" else on_postgresql
    for key, text in op.get_bind().execute(stored).all():
        canonical = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        op.get_bind().execute(change, {"id": key, "text": canonical})


def _refuse_on_sqlite() -> None:
    """INSERT OR REPLACE removes rows without firing the delete trigger, therefore the third one."""
    taken = {
        "trail_entry": "EXISTS (SELECT 1 FROM trail_entry WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND position = NEW.position))",
        "trail_anchor": "EXISTS (SELECT 1 FROM trail_anchor WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND count = NEW.count AND day = NEW.day))",
    }
    for table in TABLES:
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refusal}")
        op.execute(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refusal}")
        op.execute(f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} WHEN {taken[table]} {refusal}")


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in TABLES:
        for act, events in (("change", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
            op.execute(f"CREATE TRIGGER {table}_{act} BEFORE {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trail_refuses()")
