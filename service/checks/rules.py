"""What a check looks at and what it yields. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.approvals.rules import Meaning
from service.standards.rules import ReferenceEntry
from service.text.model import Kind, Procedure


class Severity(StrEnum):
    """error: an auditor would write it down as a nonconformity; warning: somebody should look."""

    ERROR = "error"
    WARNING = "warning"


SEVERITY_NAMES: Mapping[Severity, str] = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}


@dataclass(frozen=True, slots=True)
class Problem:
    """问题项: stable code, document number, section anchor, one Chinese sentence and the words it is about."""

    code: str
    severity: Severity
    document: str
    section: str
    message: str
    quote: str


Problems = Iterator[Problem]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a revision as local days; what has not happened is left out."""

    signed: tuple[tuple[Meaning, date], ...] = ()
    released_on: date | None = None
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A document as the checks see it: the text in force, or the draft with its blanks marked. `in_force`: it is released.

    `unreadable`: why a draft cannot be read as it is, and where; its text is empty then, and others may name it nevertheless.
    """

    number: str
    title: str
    kind: Kind
    label: str
    in_force: bool
    procedure: Procedure
    dates: Dates
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that checks compare; gathered once, changed never. `target_labels` are subjects as `quantities` names them, `pictures` the
    sources of those pictures named in the texts that the organisation has."""

    on: date
    documents: tuple[Checked, ...]
    obsolete_titles: frozenset[str]
    names: frozenset[str]
    register: tuple[ReferenceEntry, ...]
    target_labels: frozenset[str]
    pictures: frozenset[str] = frozenset()
