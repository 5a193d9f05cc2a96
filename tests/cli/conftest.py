"""Homes for commands: an empty one, and one with two firms whose manuals are in force."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import furnish, furnish_with_manual, move_in

from service.settings import settings


@pytest.fixture(autouse=True)
def _settings_read_again() -> Iterator[None]:
    """No test sees the settings of another."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any database."""
    return move_in(furnish(tmp_path), monkeypatch)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: JC and YI with the small manual in force. Never moved into, only copied."""
    return furnish_with_manual(tmp_path_factory.mktemp("furnished"), "JC", "YI")


@pytest.fixture
def firms(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the furnished home to work in."""
    shutil.copytree(furnished, tmp_path / "home", symlinks=True)
    return move_in(tmp_path / "home", monkeypatch)
