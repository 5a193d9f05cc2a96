"""Steps and sign-offs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.approvals.models import DutyException, Signoff
from service.approvals.rules import LONGEST_WORDS, MEANING_NAMES, OBSOLETE, STEP_NAMES, Meaning, Step
from service.documents.models import Document, Revision
from service.documents.rules import STATUS_NAMES, Status
from service.errors import ServiceError

OBSOLETE_STEP = "obsolete"
Words = Annotated[str, Field(max_length=LONGEST_WORDS)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]
_EXAMPLE: dict[str, JsonValue] = {"password": "登录密码", "comment": "同意"}


class Signing(BaseModel):
    """What a sign-off takes: the password again, or a code of the second factor."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    password: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(max_length=40)] = ""
    comment: Words = ""


class SigningText(Signing):
    """Signing a frozen text; `fingerprint` says which one the signer has seen: another one is refused."""

    fingerprint: Annotated[str | None, Field(pattern="^[0-9a-f]{64}$")] = None


class Reviewing(SigningText):
    """Signing a review; `confirmed` names the indicators whose claims are confirmed, null: all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**_EXAMPLE, "confirmed": ["5.2.4.1", "5.2.4.4"]}]})

    confirmed: Annotated[list[Annotated[str, Field(max_length=40)]] | None, Field(max_length=200)] = None


class Releasing(BaseModel):
    """`effective_on`: from which day the text is in force, null: today."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"effective_on": "2026-03-01"}]})

    effective_on: date | None = None


class Returning(BaseModel):
    """Why the text goes back to its preparer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "4.2.1 的受理时限与服务承诺不一致"}]})

    reason: Reason


class MakingObsolete(BaseModel):
    """`on`: from which day nothing of the document is in force, null: today."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "业务已停止", "on": "2026-06-30"}]})

    reason: Reason
    on: date | None = None


class StandsOn(BaseModel):
    """The exception from separate duties that a sign-off stands on."""

    id: UUID
    reason: str
    valid_until: date
    granted_by: str


class SignoffLine(BaseModel):
    """One sign-off; void once the revision was returned or withdrawn."""

    label: str
    meaning: Meaning
    meaning_name: str
    login: str
    name: str
    post: str
    at: datetime
    fingerprint: str
    comment: str
    seal: str
    voided_at: datetime | None
    exception: StandsOn | None


class StepAnswer(BaseModel):
    """Where the revision stands after a step. `confirmed`: how many claims a review confirmed; `along`: record forms made obsolete too."""

    number: str
    label: str
    status: Status
    status_name: str
    effective_on: date | None
    steps: list[Step]
    signoffs: list[SignoffLine]
    confirmed: int | None = None
    along: list[str] = []


class StepLine(BaseModel):
    """A step, and why the caller may not take it now: a stable code and one sentence."""

    step: str
    name: str
    allowed: bool
    code: str
    reason: str


class StepsBody(BaseModel):
    """What the caller may do with a document's revision now."""

    number: str
    label: str
    status: Status
    status_name: str
    steps: list[StepLine]


def signoff_line(revision: Revision, row: Signoff, exceptions: Mapping[UUID, DutyException]) -> SignoffLine:
    exception = exceptions[row.exception_id] if row.exception_id else None
    return SignoffLine(
        label=revision.label,
        meaning=row.meaning,
        meaning_name=MEANING_NAMES[row.meaning],
        login=row.login,
        name=row.name,
        post=row.post,
        at=row.at,
        fingerprint=row.fingerprint,
        comment=row.comment,
        seal=row.seal,
        voided_at=row.voided_at,
        exception=StandsOn.model_validate(exception, from_attributes=True) if exception else None,
    )


def steps_body(
    document: Document, revision: Revision, refused: Mapping[Step, ServiceError | None], obsolete: ServiceError | None
) -> StepsBody:
    named: Iterable[tuple[str, str, ServiceError | None]] = (
        *((step.value, STEP_NAMES[step], fault) for step, fault in refused.items()),
        (OBSOLETE_STEP, OBSOLETE, obsolete),
    )
    return StepsBody(
        number=document.number,
        label=revision.label,
        status=revision.status,
        status_name=STATUS_NAMES[revision.status],
        steps=[
            StepLine(step=step, name=name, allowed=fault is None, code=fault.code if fault else "", reason=fault.message if fault else "")
            for step, name, fault in named
        ],
    )
