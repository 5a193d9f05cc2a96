"""Rules of documents: status, labels A/0, numbers by pattern. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from service.errors import InputError
from service.organisations.rules import number_pattern_fault
from service.text.model import Kind


class Status(StrEnum):
    """Where a revision stands. In force and obsolete are computed from dates, never stored (domain.md §1)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COUNTERSIGNING = "countersigning"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    RELEASED = "released"


STATUS_NAMES: Mapping[Status, str] = {
    Status.DRAFT: "编制中",
    Status.IN_REVIEW: "审核中",
    Status.COUNTERSIGNING: "会签中",
    Status.IN_APPROVAL: "待批准",
    Status.APPROVED: "已批准",
    Status.RELEASED: "已发布",
}


class Standing(StrEnum):
    """Where a revision stands on a day: its step, or what the dates of a released one make of it."""

    IN_FORCE = "in_force"
    AWAITED = "awaited"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COUNTERSIGNING = "countersigning"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    OBSOLETE = "obsolete"


STANDING_NAMES: Mapping[Standing, str] = {
    Standing.IN_FORCE: "现行有效",
    Standing.AWAITED: "待实施",
    **{Standing(status.value): name for status, name in STATUS_NAMES.items() if status is not Status.RELEASED},
    Standing.OBSOLETE: "作废",
}

KIND_CODES: Mapping[Kind, str] = {
    Kind.MANUAL: "SC",
    Kind.PROCEDURE: "CX",
    Kind.WORK_INSTRUCTION: "ZD",
    Kind.RECORD_FORM: "JL",
    Kind.EXTERNAL_DOCUMENT: "WL",
}

KIND_NAMES: Mapping[Kind, str] = {
    Kind.MANUAL: "手册",
    Kind.PROCEDURE: "程序文件",
    Kind.WORK_INSTRUCTION: "管理制度",
    Kind.RECORD_FORM: "记录表单",
    Kind.EXTERNAL_DOCUMENT: "外来文件",
}

KIND_ORDER: Mapping[Kind, int] = {kind: position for position, kind in enumerate(KIND_CODES)}

FIRST_EDITION = "A"
LAST_REVISION_NUMBER = 9


def label(edition: str, revision_number: int) -> str:
    """版本/修订状态 as printed: A/0."""
    return f"{edition}/{revision_number}"


def anchor_prefix(key: str | None, number: str) -> str:
    """What stands before the anchors of a document's sections, on every page."""
    return f"doc-{key or number}"


def next_label(edition: str, revision_number: int, *, reissue: bool = False) -> tuple[str, int]:
    """Edition and revision number of the next revision: one more, or 换版 after 9 and for a major change (practice, domain.md §1)."""
    if not reissue and revision_number < LAST_REVISION_NUMBER:
        return edition, revision_number + 1
    if edition == "Z":
        raise InputError("版本已到 Z 版，请在编号规则中改用数字版本", code="editions_exhausted")
    return chr(ord(edition) + 1), 0


def number(pattern: str, *, company: str, kind: Kind, serial: int, department: str = "") -> str:
    """The stable number of a document: `HC/SH-CX-07`. InputError for a pattern that cannot number documents.

    Edition, revision and year are allowed in a pattern for the printed number only; here they are left out, and so are the marks
    that would end the number: `{company}/QP-{serial}-{edition}/{revision}` gives HC/QP-7.
    """
    fault = number_pattern_fault(pattern)
    if fault:
        raise InputError(fault, code="bad_number_pattern")
    values = {"company": company, "kind": KIND_CODES[kind], "serial": serial, "department": department}
    return pattern.format(**values, edition="", revision="", year="").rstrip("-/._ ")


def short(number: str, company: str) -> str:
    """A number as lists name it beside the text's own: HC/SH-CX-01 → SH-CX-01. Nothing else of it is left out: HC/CX/07 is not HC/ZD/07."""
    return number.removeprefix(f"{company}/")


def standing_of(status: Status, effective_on: date | None, obsolete_on: date | None, on: date) -> Standing:
    """Where a revision stands on day `on`, whatever later revisions there are. A released one without a day is awaited."""
    if status is not Status.RELEASED:
        return Standing(status.value)
    if obsolete_on is not None and obsolete_on <= on:
        return Standing.OBSOLETE
    return Standing.AWAITED if effective_on is None or effective_on > on else Standing.IN_FORCE


def state_name(status: Status, effective_on: date | None, obsolete_on: date | None, on: date) -> str:
    """What a reader calls it: 现行有效, 待实施, 作废, or the step the revision waits for."""
    return STANDING_NAMES[standing_of(status, effective_on, obsolete_on, on)]


def was_known(moment: datetime | None, recorded_on: datetime | None) -> bool:
    """The second clock: whether the system had learned at `recorded_on` (None: now) what it learned at `moment`."""
    return recorded_on is None or (moment is not None and moment <= recorded_on)
