"""A committed outbox on both databases, a mail server and a certificate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete

from notices.post_office import Certificate, MailServer, make_certificate, serving
from service.db import writing
from service.notices.models import Channel, Notice
from service.organisations.models import Organisation


@pytest.fixture
def outbox(database: Engine) -> Iterator[Engine]:
    """The shared database, whose notices, channels and bare organisations are removed afterwards."""
    yield database
    with writing(database) as session:
        for table in (Notice, Channel, Organisation):
            session.execute(delete(table))


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving(MailServer()) as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))
