"""Every kind of tampering is found at its place and called by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete
from sqlmodel import Session, col
from tampering import AT, chain, change, cut_and_go_on, cut_with_head, drop_triggers, remove, renumber, rewrite, set_head

from service.db import open_database, writing
from service.errors import InputError
from service.migrations import migrate
from service.organisations.models import Organisation
from service.trail import queries
from service.trail.actions import anchor, record
from service.trail.anchors import Anchor
from service.trail.chain import FAULT_NAMES, Fault, Verdict
from service.trail.models import TrailHead
from service.trail.queries import anchors_of, verify
from service.trail.rules import START

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
Tamper = Callable[[Session, Organisation], None]


def lose_head(session: Session, owner: Organisation) -> None:
    session.execute(delete(TrailHead).where(col(TrailHead.organisation_id) == owner.id))
    session.expire_all()


def empty_with_head(session: Session, owner: Organisation) -> None:
    remove(session, owner, *range(1, 9))
    lose_head(session, owner)


def remove_and_renumber(session: Session, owner: Organisation) -> None:
    remove(session, owner, 4)
    renumber(session, owner, [(number, number - 1) for number in range(5, 9)])


IN_THE_CHAIN: list[tuple[str, Tamper, Fault, int]] = [
    ("another person", lambda s, o: change(s, o, 3, by="qian"), Fault.CHANGED, 3),
    ("another moment", lambda s, o: change(s, o, 3, at=AT), Fault.CHANGED, 3),
    ("one microsecond", lambda s, o: change(s, o, 3, at=AT + timedelta(hours=3, microseconds=1)), Fault.CHANGED, 3),
    ("other details", lambda s, o: change(s, o, 1, details={}), Fault.CHANGED, 1),
    ("another seal", lambda s, o: change(s, o, 3, seal=START), Fault.CHANGED, 3),
    ("another previous seal", lambda s, o: change(s, o, 8, previous=START), Fault.CHANGED, 8),
    ("last one moved away", lambda s, o: change(s, o, 8, position=12), Fault.CHANGED, 8),
    ("first removed", lambda s, o: remove(s, o, 1), Fault.REMOVED, 1),
    ("one removed", lambda s, o: remove(s, o, 4), Fault.REMOVED, 4),
    ("three removed", lambda s, o: remove(s, o, 4, 5, 6), Fault.REMOVED, 4),
    ("removed, the rest renumbered", remove_and_renumber, Fault.REMOVED, 4),
    ("neighbours exchanged", lambda s, o: renumber(s, o, [(3, 99), (4, 3), (99, 4)]), Fault.REORDERED, 3),
    ("two far apart exchanged", lambda s, o: renumber(s, o, [(2, 99), (7, 2), (99, 7)]), Fault.REORDERED, 2),
    ("one moved to the end", lambda s, o: change(s, o, 3, position=99), Fault.REORDERED, 3),
    ("last removed", lambda s, o: remove(s, o, 8), Fault.CUT, 8),
    ("tail removed", lambda s, o: remove(s, o, 6, 7, 8), Fault.CUT, 6),
    ("all removed", lambda s, o: remove(s, o, *range(1, 9)), Fault.EMPTIED, 1),
    ("head lost", lose_head, Fault.HEAD, 9),
    ("head set back", lambda s, o: set_head(s, o, 7, START), Fault.HEAD, 9),
]
ONLY_BY_ANCHORS: list[tuple[str, Tamper, Fault, int]] = [
    ("tail and head cut", lambda s, o: cut_with_head(s, o, 6), Fault.CUT, 7),
    ("cut to before the first anchor", lambda s, o: cut_with_head(s, o, 3), Fault.CUT, 4),
    ("everything gone", empty_with_head, Fault.EMPTIED, 1),
    ("rewritten from the start", lambda s, o: rewrite(s, o, 2, "qian"), Fault.REWRITTEN, 1),
    ("rewritten after the first anchor", lambda s, o: rewrite(s, o, 7, "qian"), Fault.REWRITTEN, 6),
    ("cut and continued", lambda s, o: cut_and_go_on(s, o, 6), Fault.REWRITTEN, 6),
]


def anchored(session: Session) -> tuple[Organisation, tuple[Anchor, ...]]:
    """Eight entries, anchored at the fifth and at the last."""
    owner = chain(session, 5)
    anchor(session, owner.id, owner.code, KEY, at=AT)
    for number in (6, 7, 8):
        record(session, owner.id, at=AT, by="li", action="a", subject="s", subject_id=str(number))
    anchor(session, owner.id, owner.code, KEY, at=AT)
    return owner, anchors_of(session, owner.id)


@pytest.mark.parametrize(("tamper", "fault", "position"), [case[1:] for case in IN_THE_CHAIN], ids=[case[0] for case in IN_THE_CHAIN])
def test_tampering_is_found_and_named_without_any_anchor(undone: Session, tamper: Tamper, fault: Fault, position: int) -> None:
    owner = chain(undone, 8)
    tamper(undone, owner)
    verdict = verify(undone, owner.id)
    assert (verdict.fault, verdict.position) == (fault, position)


@pytest.mark.parametrize(("tamper", "fault", "position"), [c[1:] for c in ONLY_BY_ANCHORS], ids=[c[0] for c in ONLY_BY_ANCHORS])
def test_chain_that_fits_itself_is_found_by_its_anchors(undone: Session, tamper: Tamper, fault: Fault, position: int) -> None:
    owner, anchors = anchored(undone)
    assert verify(undone, owner.id, anchors, KEY.public_key()) == Verdict(8)
    tamper(undone, owner)
    assert verify(undone, owner.id).holds
    verdict = verify(undone, owner.id, anchors, KEY.public_key())
    assert (verdict.fault, verdict.position) == (fault, position)


@pytest.mark.parametrize(
    "forge",
    [
        lambda a: replace(a, count=a.count - 1),
        lambda a: replace(a, seal=START),
        lambda a: replace(a, organisation="YI"),
        lambda a: replace(a, at=a.at + timedelta(microseconds=1)),
        lambda a: replace(a, signature="0" * 128),
        lambda a: replace(a, signature=a.signature.upper()),
        lambda a: replace(a, signature="no hex"),
        lambda a: replace(a, signature=""),
    ],
)
def test_changed_anchor_is_a_bad_signature(undone: Session, forge: Callable[[Anchor], Anchor]) -> None:
    owner, (first, last) = anchored(undone)
    verdict = verify(undone, owner.id, (first, forge(last)), KEY.public_key())
    assert verdict.fault is Fault.BAD_ANCHOR
    assert verdict.position in (7, 8)


def test_anchors_of_another_key_are_bad_signatures(undone: Session) -> None:
    owner, anchors = anchored(undone)
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key()
    assert verify(undone, owner.id, anchors, other) == Verdict(0, Fault.BAD_ANCHOR, 5)


def test_anchors_without_a_key_prove_nothing_and_are_refused(undone: Session) -> None:
    owner, anchors = anchored(undone)
    with pytest.raises(InputError) as caught:
        verify(undone, owner.id, anchors)
    assert caught.value.code == "public_key_missing"


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_chain_is_read_in_batches_without_a_seam(undone: Session, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", batch)
    owner = chain(undone, 8)
    assert verify(undone, owner.id) == Verdict(8)


GARBAGE = [
    "at = 'yesterday'",
    "at = '2026-03-01T05:30:15.123456+00:00'",
    "at = '2026-03-01T05:30:15.123456'",
    "at = x'00'",
    "by = x'ff00'",
    "by = CAST(x'ff' AS TEXT)",
    "details = '{'",
    'details = \'{"number": 3, "words": ["甲", null, 1.5, true]}\'',
    "details = replace(details, '{', '{\"number\":4,')",
    "details = 7",
    "subject = 5",
]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Session]:
    """PostgreSQL keeps the types of its columns itself; SQLite takes anything anywhere."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    migrate(engine)
    with writing(engine) as session:
        yield session
    engine.dispose()


def test_what_no_program_of_ours_would_write_is_a_changed_entry(sqlite: Session) -> None:
    """None of it may stop the verification, or pass because it means the same."""
    owner = chain(sqlite, 8)
    drop_triggers(sqlite.connection())
    found = {}
    for garbage in GARBAGE:
        with sqlite.begin_nested() as attempt:
            sqlite.connection().exec_driver_sql(f"UPDATE trail_entry SET {garbage} WHERE position = 3")  # noqa: S608  # the cases above
            found[garbage] = verify(sqlite, owner.id)
            attempt.rollback()
    assert found == dict.fromkeys(GARBAGE, Verdict(2, Fault.CHANGED, 3))
    assert verify(sqlite, owner.id).holds


def test_every_fault_has_words_and_a_verdict_says_them() -> None:
    assert set(FAULT_NAMES) == set(Fault)
    assert str(Verdict(3)) == "完整"
    assert str(Verdict(2, Fault.REMOVED, 3)) == "第 3 条起不一致（中间有记录被删除）"
