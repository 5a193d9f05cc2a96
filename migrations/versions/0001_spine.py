"""the spine"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("number_pattern", sa.String(length=100), nullable=False),
        sa.Column("profile_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_department_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
    )
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_department_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_department_open",
            ["organisation_id", "key"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "manual", "procedure", "work_instruction", "record_form", "external_document", name="kind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("template_set", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_document_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_document_organisation_id_key")),
        sa.UniqueConstraint("organisation_id", "kind", "serial", name=op.f("uq_document_organisation_id_kind_serial")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_document_organisation_id_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "manual_build",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("binding", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_manual_build_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_build")),
    )
    with op.batch_alter_table("manual_build", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manual_build_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_manual_build_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "not_applicable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("justification", sa.String(length=2000), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_not_applicable_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_applicable")),
    )
    with op.batch_alter_table("not_applicable", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_applicable_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_not_applicable_standing",
            ["organisation_id", "standard", "indicator"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_post_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_post_open",
            ["organisation_id", "key"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "post_holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("post_key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_post_holder_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_holder")),
    )
    with op.batch_alter_table("post_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_holder_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_post_holder_open",
            ["organisation_id", "login", "post_key"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_trail_entry_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("organisation_id", "position", name=op.f("uq_trail_entry_organisation_id_position")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_entry_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_trail_head_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "variable_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_variable_value_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variable_value")),
        sa.UniqueConstraint(
            "organisation_id",
            "name",
            "valid_from",
            "recorded_at",
            name=op.f("uq_variable_value_organisation_id_name_valid_from_recorded_at"),
        ),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("carrier_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.String(length=4), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "in_review", "countersigning", "in_approval", "approved", "released", name="status", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("change_summary", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("obsolete_on", sa.Date(), nullable=True),
        sa.Column("obsoleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["carrier_id"], ["revision.id"], name=op.f("fk_revision_carrier_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_revision_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_revision_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("document_id", "edition", "revision_number", name=op.f("uq_revision_document_id_edition_revision_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_carrier_id"), ["carrier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_revision_in_force", ["organisation_id", "status", "effective_on"], unique=False)
        batch_op.create_index(
            "ix_revision_one_running",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'released'"),
            postgresql_where=sa.text("status <> 'released'"),
        )

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("element", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("section_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("indicator_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_confirmation_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_confirmation_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_confirmation_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmation_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("element", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("section_title", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("section_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_claim_document_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_claim_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_claim_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "revision_id",
            "standard",
            "indicator",
            "element",
            "section",
            name=op.f("uq_claim_revision_id_standard_indicator_element_section"),
        ),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "signoff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "meaning", sa.Enum("prepare", "review", "countersign", "approve", name="meaning", native_enum=False, length=40), nullable=False
        ),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("post", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_signoff_organisation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_signoff_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signoff")),
    )
    with op.batch_alter_table("signoff", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signoff_once",
            ["revision_id", "meaning", "login"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_signoff_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signoff_revision_id"), ["revision_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signoff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signoff_revision_id"))
        batch_op.drop_index(batch_op.f("ix_signoff_organisation_id"))
        batch_op.drop_index("ix_signoff_once", sqlite_where=sa.text("voided_at IS NULL"), postgresql_where=sa.text("voided_at IS NULL"))

    op.drop_table("signoff")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_revision_id"))
        batch_op.drop_index(batch_op.f("ix_claim_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_claim_document_id"))

    op.drop_table("claim")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_revision_id"))
        batch_op.drop_index(batch_op.f("ix_confirmation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_confirmation_document_id"))

    op.drop_table("confirmation")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_revision_one_running", sqlite_where=sa.text("status <> 'released'"), postgresql_where=sa.text("status <> 'released'")
        )
        batch_op.drop_index("ix_revision_in_force")
        batch_op.drop_index(batch_op.f("ix_revision_document_id"))
        batch_op.drop_index(batch_op.f("ix_revision_carrier_id"))

    op.drop_table("revision")
    op.drop_table("variable_value")
    op.drop_table("trail_head")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trail_entry_organisation_id"))

    op.drop_table("trail_entry")
    with op.batch_alter_table("post_holder", schema=None) as batch_op:
        batch_op.drop_index("uq_post_holder_open", sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL"))
        batch_op.drop_index(batch_op.f("ix_post_holder_organisation_id"))

    op.drop_table("post_holder")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("uq_post_open", sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL"))
        batch_op.drop_index(batch_op.f("ix_post_organisation_id"))

    op.drop_table("post")
    with op.batch_alter_table("not_applicable", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_not_applicable_standing", sqlite_where=sa.text("withdrawn_on IS NULL"), postgresql_where=sa.text("withdrawn_on IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_not_applicable_organisation_id"))

    op.drop_table("not_applicable")
    with op.batch_alter_table("manual_build", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_manual_build_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_manual_build_fingerprint"))

    op.drop_table("manual_build")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_organisation_id"))

    op.drop_table("document")
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.drop_index("uq_department_open", sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL"))
        batch_op.drop_index(batch_op.f("ix_department_organisation_id"))

    op.drop_table("department")
    op.drop_table("organisation")
