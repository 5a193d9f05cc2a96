"""An index of a few texts, and one of the demo manufacturer's whole set."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from search.demo_texts import demo_entries
from search.texts import TEXTS
from service.db import open_database
from service.migrations import migrate
from service.search.port import Entry
from service.search.whoosh_index import WhooshIndex


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    """`texts.TEXTS`, only read."""
    index = WhooshIndex(tmp_path_factory.mktemp("shelf") / "index")
    index.add(TEXTS)
    return index


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")
    migrate(engine)
    with Session(engine.execution_options(writes=True)) as session:
        entries = demo_entries(session)
        session.rollback()
    engine.dispose()
    return entries


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    return WhooshIndex(tmp_path / "index")
