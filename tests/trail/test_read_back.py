"""What is read back from either database seals the same, whatever was recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session
from tampering import AT, organisation

from service.trail.actions import record
from service.trail.chain import Verdict
from service.trail.queries import entries, verify
from service.trail.rules import seal

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)  # as a text column takes them
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["𠮷😀", "\u2028", "é", "e\u0301", "\0", '"\\'])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
details = st.dictionaries(words, values, max_size=4) | st.dictionaries(st.integers(-20, 200), values, max_size=4)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones) | st.just(AT.replace(microsecond=0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(moments, texts, texts, details), min_size=1, max_size=4))
def test_what_is_read_back_seals_the_same(database: Engine, recorded: list[tuple[datetime, str, str, dict[Any, Any]]]) -> None:
    with Session(database.execution_options(writes=True)) as session:
        owner = organisation(session)
        for at, by, subject_id, about in recorded:
            record(session, owner.id, at=at, by=by, action="a:b", subject="s", subject_id=subject_id, details=about)
        session.expire_all()
        assert verify(session, owner.id) == Verdict(len(recorded))
        for row in entries(session, owner.id):
            own = (row.at, row.by, row.action, row.subject, row.subject_id, row.details)
            assert row.seal == seal(row.previous, owner.id, row.position, *own)
        session.rollback()


def test_details_are_returned_as_they_were_recorded(undone: Session) -> None:
    owner = organisation(undone)
    about = {"z": 1, "a": {"数": [1.0, 0.1, -0.0, 1e22, 5e-324, 10**40], "字": "𠮷😀\0"}}
    record(undone, owner.id, at=AT, by="li", action="a", subject="s", subject_id="1", details=about)
    undone.expire_all()
    [row] = entries(undone, owner.id)
    assert row.details == about
    assert isinstance(row.details["a"]["数"][0], float)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, b"x", AT, "\ud800", {"\udfff": 1}])
def test_what_no_database_would_return_is_refused_before_it_is_sealed(undone: Session, value: object) -> None:
    owner = organisation(undone)
    with pytest.raises((TypeError, ValueError)):
        record(undone, owner.id, at=AT, by="li", action="a", subject="s", subject_id="1", details={"value": value})
    assert entries(undone, owner.id) == []
