"""What happens to a copy that was issued: 签收, 回收, and what becomes of it afterwards (销毁, 作废保留, 遗失)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.clock import local_date
from service.distribution.models import Copy
from service.distribution.queries import copies_numbered, former_since, numbers_of
from service.distribution.recording import record_about
from service.distribution.rows import HeldCopy
from service.distribution.rules import LONGEST_NAME, OUTCOME_NAMES, Medium, Outcome, line, note
from service.documents.readers import lock_document
from service.errors import Forbidden, InputError, Refused
from service.organisations.models import Organisation
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, require

OUTCOME_ACTIONS: Mapping[Outcome, str] = {
    Outcome.DESTROYED: "copy:destroy",
    Outcome.RETAINED: "copy:retain",
    Outcome.LOST: "copy:lose",
}
"""Outcome → the trail's action."""


def receive(
    session: Session, organisation: Organisation, held: HeldCopy, *, by: Actor, at: datetime, on: date | None = None, remark: str = ""
) -> None:
    """签收 by the holder himself; a paper copy's signed receipt is recorded by the document controller, `remark` saying where it is.

    `on`: the day of a paper receipt (default: today); on the screen one signs for today only.
    """
    require(by, Act.ACKNOWLEDGE)
    copy, remark, today = held.copy, note(remark, "签收说明"), local_date(at, organisation.time_zone)
    if copy.holder_login != by.login:
        _require_paper_receipt(copy, by, remark)
    elif on not in (None, today):
        raise InputError("本人签收的日期就是今天，不能另填", code="receipt_of_today")
    if copy.received_on is not None:
        raise Refused(f"{held.name}已于 {copy.received_on} 签收", code="copy_received")
    if copy.recalled_on is not None or copy.outcome is not None:
        raise Refused(f"{held.name}已收回或已处置，不能再签收", code="copy_recalled")
    copy.received_on = _day(copy, on or today, today, "签收日期")
    copy.received_at, copy.received_by, copy.receipt_note = at, by.login, remark
    _done(session, held, "copy:receive", by, at, {"received_on": copy.received_on.isoformat(), "note": remark})


def _require_paper_receipt(copy: Copy, by: Actor, remark: str) -> None:
    electronic = copy.medium is Medium.ELECTRONIC
    if electronic or not may(by.roles, Act.DISTRIBUTE):
        otherwise = "" if electronic else "；纸质受控本也可由文控员凭签收记录登记"
        message = f"{by.name}不能签收：分发号 {copy.copy_number} 由持有人{copy.holder_name}本人签收{otherwise}"
        raise Forbidden(message, code="not_allowed")
    if not remark:
        raise InputError("登记纸质受控本的签收时，请在说明中写明签收记录", code="receipt_note_missing")


def recall(
    session: Session, organisation: Organisation, held: HeldCopy, *, by: Actor, at: datetime, on: date | None = None, remark: str = ""
) -> None:
    """回收: the copy has come back. Of a revision that is still in force only with a reason in `remark`, such as a holder who has left."""
    require(by, Act.DISTRIBUTE)
    copy, today = held.copy, local_date(at, organisation.time_zone)
    _require_not_settled(held)
    if copy.recalled_on is not None:
        raise Refused(f"{held.name}已于 {copy.recalled_on} 收回", code="copy_recalled")
    reason = _reason(session, held, remark, today)
    _take_back(copy, on or today, today, by, at)
    copy.recall_note = reason
    _done(session, held, "copy:recall", by, at, {"recalled_on": str(copy.recalled_on), "note": copy.recall_note})


def settle(
    session: Session,
    organisation: Organisation,
    held: HeldCopy,
    outcome: Outcome,
    *,
    witness: str = "",
    by: Actor,
    at: datetime,
    on: date | None = None,
    remark: str = "",
) -> None:
    """处置 as an API or command names it: one of the three below."""
    if outcome is Outcome.DESTROYED:
        return_and_destroy(session, organisation, held, witness=witness, by=by, at=at, on=on, remark=remark)
    elif outcome is Outcome.RETAINED:
        return_and_retain(session, organisation, held, by=by, at=at, on=on, remark=remark)
    else:
        report_lost(session, organisation, held, remark=remark, by=by, at=at, on=on)


def return_and_destroy(
    session: Session,
    organisation: Organisation,
    held: HeldCopy,
    *,
    witness: str,
    by: Actor,
    at: datetime,
    on: date | None = None,
    remark: str = "",
) -> None:
    """销毁 before the eyes of a named witness; a copy that was not recalled yet comes back on the same day."""
    require(by, Act.DISTRIBUTE)
    witness = line(witness, "销毁的见证人", LONGEST_NAME)
    if witness in (by.name, by.login):
        raise InputError("见证人须是登记人以外的人", code="witness_is_recorder")
    _settle(session, organisation, held, Outcome.DESTROYED, by, at, on, remark, witness)


def return_and_retain(
    session: Session, organisation: Organisation, held: HeldCopy, *, by: Actor, at: datetime, on: date | None = None, remark: str = ""
) -> None:
    """作废保留: it came back and is kept, marked as such. Refused while the revision is in force: then it is no obsolete copy."""
    require(by, Act.DISTRIBUTE)
    if former_since(session, held.revision, local_date(at, organisation.time_zone)) is None:
        raise Refused(f"{held.name}的修订仍然有效，不能作废保留", code="still_in_force")
    _settle(session, organisation, held, Outcome.RETAINED, by, at, on, remark)


def report_lost(
    session: Session, organisation: Organisation, held: HeldCopy, *, remark: str, by: Actor, at: datetime, on: date | None = None
) -> None:
    """遗失, with the circumstances. The number is dead with the copy, unless the holder has another one under it: a copy issued in
    its place gets a new number, so that the lost one is recognised when it turns up."""
    require(by, Act.DISTRIBUTE)
    lock_document(session, held.document)  # nobody issues a copy under the number meanwhile
    _settle(session, organisation, held, Outcome.LOST, by, at, on, line(remark, "遗失经过", 500))
    others = copies_numbered(session, held.document, held.copy.copy_number)
    for number in [] if others else numbers_of(session, held.document):
        if number.number == held.copy.copy_number:
            number.cancelled_at = at
            session.add(number)


def _settle(
    session: Session,
    organisation: Organisation,
    held: HeldCopy,
    outcome: Outcome,
    by: Actor,
    at: datetime,
    on: date | None,
    remark: str,
    witness: str = "",
) -> None:
    """One trail entry for the outcome and, where the copy was still out, for its coming back."""
    copy, today = held.copy, local_date(at, organisation.time_zone)
    _require_not_settled(held)
    day, remark = on or today, note(remark, "处置说明")
    if copy.recalled_on is None and outcome is not Outcome.LOST:
        remark = _reason(session, held, remark, today)
        _take_back(copy, day, today, by, at)
    copy.settled_on = _day(copy, day, today, f"{OUTCOME_NAMES[outcome]}日期")
    copy.outcome, copy.settled_at, copy.settled_by, copy.settlement_note, copy.witness = outcome, at, by.login, remark, witness
    details = {"settled_on": copy.settled_on.isoformat(), "recalled_on": str(copy.recalled_on or ""), "note": remark}
    _done(session, held, OUTCOME_ACTIONS[outcome], by, at, details | ({"witness": witness} if witness else {}))


def _require_not_settled(held: HeldCopy) -> None:
    if held.copy.outcome is not None:
        what = f"{held.name}已于 {held.copy.settled_on} 登记为{OUTCOME_NAMES[held.copy.outcome]}"
        raise Refused(f"{what}，不能再变更", code="copy_settled")


def _reason(session: Session, held: HeldCopy, remark: str, today: date) -> str:
    remark = note(remark, "回收说明")
    if not remark and former_since(session, held.revision, today) is None:
        raise InputError(f"{held.name}的修订仍然有效，提前收回请写明原因", code="reason_missing")
    return remark


def _take_back(copy: Copy, on: date, today: date, by: Actor, at: datetime) -> None:
    copy.recalled_on = _day(copy, on, today, "回收日期")
    copy.recalled_at, copy.recalled_by = at, by.login


def _day(copy: Copy, day: date, today: date, what: str) -> date:
    """The day of a fact: not in the future, and in the order issued, received, recalled, settled."""
    if day > today:
        raise InputError(f"{what} {day} 晚于今天", code="day_in_future")
    last = max(filter(None, (copy.issued_on, copy.received_on, copy.recalled_on)))
    if day < last:
        raise InputError(f"{what} {day} 早于上一步的日期 {last}", code="day_out_of_order")
    return day


def _done(session: Session, held: HeldCopy, action: str, by: Actor, at: datetime, details: dict[str, Any]) -> None:
    session.add(held.copy)
    about = {"copy_number": held.copy.copy_number, "holder": held.copy.holder_name} | details
    record_about(session, held.document, held.revision, action, by=by, at=at, details=about)
