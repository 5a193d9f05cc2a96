"""A real database, the product's catalogue, and the application, served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts.served import served as served
from accounts.served import two_firms as two_firms
from sqlmodel import Session

from service.db import metadata, open_database, writing
from service.organisations.catalogue import load_catalogue
from service.organisations.rules import Catalogue
from service.settings import ROOT


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "content" / "variables.yml")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    metadata.create_all(engine)
    with writing(engine) as session:
        yield session
    engine.dispose()
