"""Migrations and models agree on both databases, and migrating again changes nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from small_firm import REPAIR, advance, with_drafts
from sqlalchemy import Engine, inspect
from sqlalchemy import select as select_from
from sqlmodel import Session, select

import service.models
from service.db import metadata, open_database, reading, require_migrated, writing
from service.errors import InputError
from service.migrations import configuration, migrate
from service.organisations.models import Organisation
from service.settings import ROOT


def differences(engine: Engine) -> list[Any]:
    """What autogenerate would put into the next migration."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def indexes(engine: Engine) -> set[tuple[str, str, bool, str]]:
    """(table, index, unique, condition) of every index: conditions are what autogenerate does not compare."""
    inspector = inspect(engine)
    dialect = engine.dialect.name
    return {
        (table, str(index["name"]), bool(index["unique"]), plain(index.get("dialect_options", {}).get(f"{dialect}_where", "")))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        if "duplicates_constraint" not in index
    }


def plain(condition: Any) -> str:
    """A condition without the casts and parentheses that PostgreSQL adds."""
    words = str(condition)
    for extra in ("(", ")", "::text", "::character varying"):
        words = words.replace(extra, "")
    return words


def test_migrations_and_models_agree(database: Engine) -> None:
    assert differences(database) == []


CONDITIONS = {
    "",
    "status <> 'released'",
    "voided_at IS NULL",
    "voided_at IS NULL AND meaning = 'countersign'",
    "valid_to IS NULL",
    "withdrawn_on IS NULL",
    "cancelled_at IS NULL",
    "settled_at IS NULL",
    "ended_at IS NULL",
    "ended_at IS NULL AND excused_at IS NULL",
}
"""Of partial indexes: what is unique only while it stands."""


def test_migrations_make_the_same_indexes_as_the_models(database: Engine, tmp_path: Path) -> None:
    fresh = open_database(f"sqlite:///{tmp_path / 'models.sqlite'}")
    metadata.create_all(fresh)
    made = indexes(fresh)
    assert {row[3] for row in made} == CONDITIONS
    assert indexes(database) == made


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_drafts(session)
        advance(session, firm, REPAIR)
    before = rows(engine)
    migrate(engine)
    assert rows(engine) == before
    assert differences(engine) == []


def rows(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select_from(table))] for table in metadata.sorted_tables}


def test_migrations_form_one_line() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_failing_migration_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "migrations"
    (broken / "versions").mkdir(parents=True)
    for file in (ROOT / "migrations").rglob("*.py"):
        (broken / file.relative_to(ROOT / "migrations")).write_text(file.read_text("utf-8"), "utf-8")
    revision = 'revision = "9999"\ndown_revision = {!r}\n\n\ndef upgrade():\n    raise RuntimeError\n'
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    (broken / "versions" / "9999_broken.py").write_text(revision.format(head), "utf-8")
    config = configuration()
    config.set_main_option("script_location", str(broken))
    monkeypatch.setattr("service.migrations.configuration", lambda: config)
    engine = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(RuntimeError):
        migrate(engine)
    assert inspect(engine).get_table_names() == []


def test_database_that_was_never_migrated_is_refused_in_one_sentence(tmp_path: Path, database: Engine) -> None:
    with pytest.raises(InputError) as caught:
        require_migrated(open_database(f"sqlite:///{tmp_path / 'new.sqlite'}"))
    assert caught.value.code == "not_migrated"
    require_migrated(database)


def test_every_domains_tables_are_known_to_migrations() -> None:
    modules = [import_module(f"service.{file.parent.name}.models") for file in (ROOT / "service").glob("*/models.py")]
    rows = [value for module in modules for value in vars(module).values() if hasattr(value, "__table__")]
    assert {row.__name__: row for row in rows} == {name: getattr(service.models, name) for name in service.models.__all__}


ACCOUNTS = {"account_user", "login_session", "account_link", "api_token", "login_attempt", "account_event"}
"""One person may be a member of several organisations."""


def test_every_row_of_a_domain_belongs_to_an_organisation() -> None:
    without = {table.name for table in metadata.tables.values() if "organisation_id" not in table.c}
    assert without == {"organisation", "answered_request"} | ACCOUNTS


def test_what_was_committed_is_there_for_the_next_session(engine: Engine) -> None:
    with writing(engine) as session:
        with_drafts(session)
    with reading(engine) as session:
        assert isinstance(session, Session)
        assert [row.code for row in session.exec(select(Organisation))] == ["JC"]
