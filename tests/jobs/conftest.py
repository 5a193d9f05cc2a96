"""A committed queue on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete

from service.accounts.models import LoginAttempt
from service.db import writing
from service.jobs.models import Job


@pytest.fixture
def queue(database: Engine) -> Iterator[Engine]:
    """The shared database, whose jobs (and what jobs of these tests write) are removed afterwards."""
    yield database
    with writing(database) as session:
        for table in (Job, LoginAttempt):
            session.execute(delete(table))
