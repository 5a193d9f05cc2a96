"""What every table relies on: aware moments, enums by value, foreign keys, whole transactions, writers that wait."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from small_firm import REPAIR, found, founded, moment, with_drafts
from sqlalchemy import Engine, QueuePool, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from service.db import AT_ONCE, open_database, reading, require_migrated, writing
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import InputError
from service.migrations import migrate
from service.organisations.models import Organisation


def bare(code: str, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Organisation:
    return Organisation(code=code, name="甲", time_zone="Asia/Shanghai", number_pattern="{serial}", profile_fingerprint="", created_at=at)


def test_moment_without_a_time_zone_is_refused(undone: Session) -> None:
    undone.add(bare("JC", datetime(2026, 1, 1)))
    with pytest.raises(StatementError, match="without a time zone"):
        undone.flush()


def test_moments_come_back_in_utc_to_the_microsecond(undone: Session) -> None:
    at = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=8)))
    firm = bare("JC", at)
    undone.add(firm)
    undone.flush()
    undone.refresh(firm)
    assert firm.created_at == at
    assert firm.created_at.utcoffset() == timedelta(0)


def test_enums_are_kept_by_value(undone: Session) -> None:
    with_drafts(undone)
    kinds = {tuple(row) for row in undone.execute(text("SELECT DISTINCT kind FROM document"))}
    assert kinds == {("procedure",), ("record_form",)}


def test_value_outside_an_enum_is_refused(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = found(undone, firm, REPAIR)[1]
    revision.status = "lost"  # type: ignore[assignment]  # what a typing error would do
    with pytest.raises(StatementError):
        undone.flush()


def test_foreign_keys_are_enforced(undone: Session) -> None:
    firm = with_drafts(undone)
    document = found(undone, firm, REPAIR)[0].model_dump(exclude={"id"})
    undone.add(Document(**{**document, "organisation_id": uuid4(), "number": "X", "key": "x", "serial": 9}))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_failing_block_is_undone_whole(engine: Engine) -> None:
    def fail_half_way() -> None:
        with writing(engine) as session:
            founded(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with reading(engine) as session:
        assert session.exec(select(Organisation)).all() == []


def test_objects_stay_readable_after_the_commit(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_drafts(session)
    assert firm.organisation.code == "JC"


def test_reading_session_writes_nothing(engine: Engine) -> None:
    with reading(engine) as session:
        session.add(bare("JC"))
        assert session.exec(select(Organisation)).all() == []
    with reading(engine) as session:
        assert session.exec(select(Organisation)).all() == []


def test_second_writer_waits_for_the_first(engine: Engine) -> None:
    holding, done = threading.Event(), threading.Event()

    def first() -> None:
        with writing(engine) as session:
            session.add(bare("ONE"))
            session.flush()
            holding.set()
            time.sleep(0.2)
        done.set()

    thread = threading.Thread(target=first)
    thread.start()
    holding.wait(5)
    with writing(engine) as session:
        session.add(bare("TWO"))
    thread.join()
    with reading(engine) as session:
        assert {row.code for row in session.exec(select(Organisation))} == {"ONE", "TWO"}
    assert done.is_set()


def test_reader_sees_one_state_while_another_writes(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(bare("ONE"))
    with reading(engine) as reader:
        assert len(reader.exec(select(Organisation)).all()) == 1
        with writing(engine) as session:
            session.add(bare("TWO"))
        assert len(reader.exec(select(Organisation)).all()) == 1


@pytest.mark.parametrize("url", ["sqlite:///nowhere.sqlite", "postgresql://nobody@127.0.0.1/nowhere"])
def test_every_thread_that_answers_has_a_connection(url: str) -> None:
    pool = open_database(url).pool
    assert isinstance(pool, QueuePool)
    assert pool.size() == AT_ONCE


def test_folder_of_the_database_is_made_by_migrating_only(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'new.sqlite'}")
    with pytest.raises(InputError, match="migrate"):
        require_migrated(engine)
    assert not (tmp_path / "a").exists()
    migrate(engine)
    require_migrated(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_database_that_lacks_a_migration_is_refused(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(InputError, match="0001"):
        require_migrated(engine)


def test_status_is_found_by_its_value(undone: Session) -> None:
    firm = with_drafts(undone)
    query = select(Revision).where(Revision.organisation_id == firm.organisation.id, Revision.status == Status.DRAFT)
    assert {row.created_at for row in undone.exec(query)} == {moment(1, 5)}
