"""A revision, who would take a step with it, and when: what may be asked of it is read once, when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import cached_property
from typing import TypedDict, Unpack

from sqlmodel import Session

from service.approvals.models import Approval, ApprovalRule, DutyException
from service.approvals.queries import approval_rules, by_post, exceptions_for, forms_to_carry, running_approval, signers, signoffs
from service.approvals.route import DEFAULT_ROUTE, Route, Staff, post_to_sign, posts_asked, staff_of
from service.approvals.rules import Meaning, Step, joined
from service.approvals.scope import rule_for
from service.clock import local_date
from service.documents.models import Document, Revision
from service.documents.queries import carried, last_released
from service.documents.rules import Status
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import Actor, Chart


class Known(TypedDict, total=False):
    """Facts of a case that were read before, with those of many others, and are not read again."""

    document: Document
    organisation: Organisation
    on: date
    chart: Chart
    staff: Staff
    approval: Approval | None
    rule: ApprovalRule | None
    forms: list[Revision]
    signed: Mapping[Meaning, frozenset[str]]
    countersigned: dict[str, str]
    exceptions: list[DutyException]
    is_over: bool


class Case:
    """A revision, who would take a step with it, and when."""

    def __init__(self, session: Session, revision: Revision, by: Actor, at: datetime, **known: Unpack[Known]) -> None:
        self.session, self.revision, self.by, self.at = session, revision, by, at
        vars(self).update(known)  # where a cached property looks first

    @cached_property
    def document(self) -> Document:
        return self.session.get_one(Document, self.revision.document_id)

    @cached_property
    def organisation(self) -> Organisation:
        return self.session.get_one(Organisation, self.revision.organisation_id)

    @cached_property
    def on(self) -> date:
        """The organisation's own day."""
        return local_date(self.at, self.organisation.time_zone)

    @cached_property
    def chart(self) -> Chart:
        return chart_on(self.session, self.organisation.id, self.on)

    @cached_property
    def staff(self) -> Staff:
        return staff_of(self.chart)

    @cached_property
    def approval(self) -> Approval | None:
        """What the revision is going through, once it is submitted."""
        return running_approval(self.session, self.revision)

    @cached_property
    def rule(self) -> ApprovalRule | None:
        """The rule by which it would be submitted now; None: the built-in one."""
        return self.rule_of(self.document)

    @cached_property
    def route(self) -> Route:
        """Frozen at submission; of a draft the one it would take."""
        if self.approval is not None:
            return self.approval.route
        return self.rule.route if self.rule is not None else DEFAULT_ROUTE

    def rule_of(self, document: Document) -> ApprovalRule | None:
        """The rule by which this document would be submitted alone now."""
        return rule_for(self._rules, document, self.chart, self.on, self.organisation.time_zone)

    @cached_property
    def _rules(self) -> list[ApprovalRule]:
        return approval_rules(self.session, self.organisation.id)

    @cached_property
    def forms(self) -> list[Revision]:
        """The record forms that go along: those it carries, of a draft those it would carry."""
        if self.revision.status is Status.DRAFT:
            return forms_to_carry(self.session, self.document, self.revision)
        return carried(self.session, self.revision)

    @cached_property
    def writers(self) -> frozenset[str]:
        """Who wrote in one of the texts that are signed together."""
        return frozenset(login for each in (self.revision, *self.forms) for login in each.edited_by)

    @property
    def route_details(self) -> dict[str, object]:
        """The route as plain JSON, with the rule it comes from."""
        return {"rule": str(self.rule.id) if self.rule else None, **asdict(self.route)}

    @cached_property
    def signed(self) -> Mapping[Meaning, frozenset[str]]:
        return signers(self.session, self.revision)

    def done(self, meaning: Meaning) -> Mapping[Meaning, frozenset[str]]:
        """Who has done what so far, for whoever would sign in this meaning: to review and approve, writing counts as preparing."""
        if meaning is Meaning.PREPARE:
            return self.signed
        return {**self.signed, Meaning.PREPARE: self.signed.get(Meaning.PREPARE, frozenset()) | self.writers}

    @cached_property
    def countersigned(self) -> dict[str, str]:
        """Post → who has countersigned for it."""
        return by_post(signoffs(self.session, self.revision))

    @cached_property
    def is_over(self) -> bool:
        """Whether the document was made obsolete."""
        released = last_released(self.session, self.document)
        return released is not None and released.obsolete_on is not None

    @cached_property
    def exceptions(self) -> list[DutyException]:
        """What allows this person today to sign meanings together."""
        return exceptions_for(self.session, self.document, self.by.login, self.on)

    def post_for(self, step: Step) -> str:
        """The post of the route under which this person takes the step; "" if it asks for none."""
        if step is Step.COUNTERSIGN:
            return post_to_sign(self.route, self.staff, self.by.login, self.by.posts, self.countersigned) or ""
        return next((post for post in posts_asked(self.route, step, self.revision.status) if post in self.by.posts), "")

    def exception_for(self, meaning: Meaning) -> DutyException | None:
        """The exception that this person needs to sign in this meaning too."""
        wanted = joined(meaning, self.by.login, self.done(meaning))
        return next((row for row in self.exceptions if wanted <= together(row)), None) if len(wanted) > 1 else None


def together(row: DutyException) -> frozenset[Meaning]:
    """The meanings that somebody may sign together by this exception."""
    return frozenset(Meaning(value) for value in row.meanings)
