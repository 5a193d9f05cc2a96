"""The small firm with more staff: a workshop below the service department, a sales department, readers, and a procedure in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from small_firm import REPAIR, Firm, advance, cloned, day, found, founded, give_accounts, moment, person
from sqlmodel import Session

from service.accounts.actions import create_user
from service.accounts.queries import user_by_login
from service.distribution.issue import issue
from service.distribution.models import Copy
from service.distribution.queries import find_copy
from service.distribution.rows import HeldCopy
from service.distribution.rules import CopyHolder, Medium
from service.documents.actions import draft_next
from service.documents.models import Document, Revision
from service.notices.queries import notices_of
from service.organisations.members import add_member
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, member_actor
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM, Actor
from service.trail.queries import entries

IN_FORCE = moment(2, 1)
NEXT = moment(4, 1)
_MORE_DEPARTMENTS = (
    "      - {key: service_manager, name: 服务部经理}\n",
    """\
      - {key: service_manager, name: 服务部经理}
  - key: workshop
    name: 维修组
    also: [repair_shop]
    parent: service
    posts:
      - {key: technician, name: 维修工程师}
  - key: sales
    name: 销售部
    posts:
      - {key: seller, name: 销售员}
""",
)
_MORE_PERSONS = (
    "persons:\n",
    "persons:\n  - {login: wu, name: 吴五, posts: [technician]}\n  - {login: ji, name: 纪六, posts: [seller]}\n",
)
READERS = {"wu": "吴五", "ji": "纪六", "xin": "辛七"}
"""员工: 吴五 repairs, 纪六 sells, 辛七 is a member without a post."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The firm and its readers."""

    firm: Firm
    technician: Actor
    seller: Actor
    temporary: Actor

    @property
    def organisation(self) -> Organisation:
        return self.firm.organisation

    @property
    def controller(self) -> Actor:
        return self.firm.controller


def staffed(session: Session, code: str = "JC") -> Staff:
    """Members and drafts of the small set."""
    firm = founded(session, code, _MORE_DEPARTMENTS, _MORE_PERSONS)
    give_accounts(session, firm.organisation)
    for login, name in READERS.items():
        user = user_by_login(session, login) or create_user(session, login, name, f"{login}@jc.example", by="system", at=moment(1, 1))
        add_member(session, firm.organisation, user, Role.READER, by=SYSTEM, at=moment(1, 1), on=day(1, 1))
    cloned(session, firm)
    return Staff(firm, *(actor_of(session, firm.organisation, login) for login in READERS))


def actor_of(session: Session, organisation: Organisation, login: str, on: date | None = None) -> Actor:
    user = user_by_login(session, login)
    assert user is not None
    return member_actor(session, organisation, user, on or day(2, 1))


def in_force(session: Session, code: str = "JC") -> Staff:
    """The same with the repair procedure in force from 1 February."""
    staff = staffed(session, code)
    advance(session, staff.firm, REPAIR, at=IN_FORCE)
    return staff


def reopened(session: Session, code: str = "JC") -> Staff:
    """The firm as another session finds it, with the document controller."""
    owner = find_organisation(session, code)
    controller = person("bing", "邴三", "document_controller", "文控员", "management", Role.DOCUMENT_CONTROLLER)
    firm = Firm(owner, controller, controller, controller, controller)
    return Staff(firm, *(actor_of(session, owner, login) for login in READERS))


def repair(session: Session, staff: Staff) -> tuple[Document, Revision]:
    """The procedure with its newest revision."""
    return found(session, staff.firm, REPAIR)


def revised(session: Session, staff: Staff, at: datetime = NEXT, effective_on: date | None = None) -> Revision:
    """The next revision, released at this moment."""
    draft_next(session, repair(session, staff)[0], by=staff.firm.preparer, at=at, change_summary="改")
    return advance(session, staff.firm, REPAIR, at=at, effective_on=effective_on)


def issued(
    session: Session,
    staff: Staff,
    *logins: str,
    medium: Medium = Medium.PAPER,
    at: datetime = IN_FORCE,
    on: date | None = None,
    revision: Revision | None = None,
) -> list[Copy]:
    """Copies of the newest revision (or this one) for these people."""
    document, newest = repair(session, staff)
    holders = [CopyHolder(login) for login in logins or ("ding",)]
    return issue(session, staff.organisation, document, revision or newest, holders, medium=medium, by=staff.controller, at=at, on=on)


def held(session: Session, copy: Copy) -> HeldCopy:
    return find_copy(session, copy.organisation_id, copy.id, lock=True)


def actions_of(session: Session, staff: Staff, subject: str) -> list[str]:
    """The trail's actions about copies, questions or acknowledgements, oldest first."""
    return [row.action for row in entries(session, staff.organisation.id) if row.action.split(":")[0] == subject]


def told(session: Session, staff: Staff, event: str) -> list[tuple[str, str]]:
    """(receiver, subject) of every notice of an event."""
    return [(row.recipient.split("@")[0], row.subject) for row in notices_of(session, staff.organisation.id) if row.event == event]
