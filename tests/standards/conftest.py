"""The product's standards, and a real database with one organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from service.db import metadata, open_database, writing
from service.organisations.models import Organisation
from service.settings import ROOT
from service.standards.loading import load_standards
from service.standards.models import NotApplicable
from service.standards.rules import Standard

FOLDER = ROOT / "content" / "standards"


@pytest.fixture(scope="session")
def standards() -> dict[str, Standard]:
    return load_standards(FOLDER)


@pytest.fixture(scope="session")
def national(standards: dict[str, Standard]) -> Standard:
    return standards["gbt27922-2011"]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    assert NotApplicable.metadata is metadata
    engine = open_database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    metadata.create_all(engine)
    with writing(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def firm(session: Session) -> Organisation:
    firm = Organisation(
        code="AB",
        name="示范甲公司",
        time_zone="Asia/Shanghai",
        number_pattern="{serial}",
        profile_fingerprint="",
        created_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    session.add(firm)
    session.flush()
    return firm
