"""The demo organisations: made, their set cloned, signed by different people, checked, and their manuals built."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from service import clock
from service.accounts.actions import create_user
from service.accounts.models import User
from service.accounts.queries import find_user, user_by_login
from service.approvals import actions as approvals
from service.checks.queries import find_problems, gather
from service.clock import local_date
from service.coverage.export import json_bytes, xlsx_bytes
from service.coverage.queries import coverage_on
from service.db import open_database, reading, writing
from service.demo_life import live
from service.documents import queries as documents
from service.documents.rules import Status
from service.errors import InputError, ServiceError
from service.kit import files as store
from service.kit.output import write_all
from service.library.actions import clone
from service.library.shipped import template_set
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.workshop import workshop_for
from service.migrations import migrate
from service.organisations.actions import create_organisation
from service.organisations.members import add_member, add_members_of_chart
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.queries import chart_on, find_organisation, list_organisations, member_actor, members, memberships, values_on
from service.organisations.roles import ROLE_NAMES, Role
from service.organisations.rules import SYSTEM, Actor, departments_of, posts_of
from service.organisations.shipped import catalogue
from service.settings import ROOT, settings
from service.standards.actions import record_profile_decisions
from service.standards.shipped import register, standard


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo organisation: its profile in content/demo, the set it clones, the folder its results go to."""

    profile: str
    template_set: str
    folder: str


DEMOS = (
    Demo("manufacturer.yml", "gbt27922-general", ""),
    Demo("trader.yml", "gbt27922-general", "trader"),
    Demo("small.yml", "gbt27922-small", "small"),
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside who is a member of every demo organisation."""

    login: str
    name: str
    role: Role


GUESTS = (Guest("zixun", "咨询师（演示）", Role.CONSULTANT), Guest("pingshen", "评审员（演示）", Role.AUDITOR))
PASSWORD = "shouhou-yanshi-2026"  # noqa: S105  # of invented people; the demo refuses to run in production
"""The one password of all demo accounts."""
FIRST = "A/0"
"""Later drafts belong to what goes on afterwards (see demo_life.py)."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When the invented people of the demo did what, in the organisation's time zone."""

    clone: datetime
    submit: datetime
    review: datetime
    approve: datetime
    release: datetime
    effective_on: date


def moments(time_zone: str, effective_on: date) -> Moments:
    """January of the year in which the manual takes effect, at office hours."""
    days = (6, 12, 19, 26, 28)
    at = [datetime.combine(date(effective_on.year, 1, day), time(9, 30), ZoneInfo(time_zone)) for day in days]
    return Moments(at[0], at[1], at[2], at[3], at[4], effective_on)


def main(output: Path = ROOT / "build" / "demo") -> None:
    """`make demo`: everything from nothing; a second run finds it done and only writes the results again."""
    if settings().environment != "development":
        raise InputError("演示企业的密码是公开的，不能在生产环境中生成", code="demo_in_production")
    engine = open_database(settings().database_url)
    migrate(engine)
    for demo in DEMOS:
        with writing(engine) as session:
            organisation = found(session, demo)
            say(f"{organisation.name}：套用 {demo.template_set}、签署、发布")
            set_up(session, organisation, demo)
        with writing(engine) as session:
            results(session, organisation, output / demo.folder)
    say_accounts(engine)


def say_accounts(engine: Engine) -> None:
    """The demo log-ins, one line per role."""
    with reading(engine) as session:
        organisation = find_organisation(session, "HC")
        rows = {(membership.role, user.login, user.name) for membership, user in members(session, organisation.id)}
    say(f"演示账号（密码都是 {PASSWORD}）：")
    for role in Role:
        logins = sorted(f"{login} {name}" for held, login, name in rows if held is role)
        say(f"  {ROLE_NAMES[role]}：{'、'.join(logins[:4])}{' 等' if len(logins) > 4 else ''}")


def found(session: Session, demo: Demo) -> Organisation:
    """The demo organisation, made from its profile if it is not there yet."""
    file = settings().content / "demo" / demo.profile
    profile = read_profile(file.read_text("utf-8"), file=demo.profile, catalogue=catalogue())
    known = {row.code: row for row in list_organisations(session)}
    if profile.code in known:
        if not memberships(session, known[profile.code].id):  # made before there were accounts
            give_accounts(session, known[profile.code], clock.now())
        return known[profile.code]
    at = datetime.combine(profile.valid_from, time(9, 0), ZoneInfo(profile.time_zone))
    organisation = create_organisation(session, profile, at=at)
    record_profile_decisions(session, organisation.id, standard(), profile.not_applicable, by=SYSTEM, at=at)
    give_accounts(session, organisation, at)
    return organisation


def give_accounts(session: Session, organisation: Organisation, at: datetime) -> None:
    """An account for everybody on the chart with the roles proposed for his posts, and for a consultant and an auditor from outside."""
    on = local_date(at, organisation.time_zone)
    holders = {holder.login: holder.name for post in posts_of(chart_on(session, organisation.id, on)) for holder in post.holders}
    users = {login: account(session, login, name, at) for login, name in (holders | {guest.login: guest.name for guest in GUESTS}).items()}
    add_members_of_chart(session, organisation, [users[login] for login in holders], by=SYSTEM, at=at, on=on)
    for guest in GUESTS:
        until = date(clock.today(organisation.time_zone).year + 1, 12, 31) if guest.role is Role.AUDITOR else None
        add_member(session, organisation, users[guest.login], guest.role, until=until, by=SYSTEM, at=at, on=on)


def account(session: Session, login: str, name: str, at: datetime) -> User:
    """The account with this log-in name; the same person may be on the chart of two organisations."""
    known = user_by_login(session, login)
    return known or create_user(session, login, name, password=PASSWORD, by=SYSTEM.login, at=at)


def set_up(session: Session, organisation: Organisation, demo: Demo) -> None:
    """Clone the set and take every draft through the whole lifecycle; record forms go along with their procedures."""
    today = clock.today(organisation.time_zone)
    values = values_on(session, organisation.id, today, catalogue=catalogue())
    dates = values["dates"]
    assert isinstance(dates, dict)  # noqa: S101  # the catalogue makes `dates` a group; tells the type checker
    when = moments(organisation.time_zone, dates["manual_effective_on"])
    controller = holder(session, organisation, "document_controller", today)
    clone(session, organisation, template_set(demo.template_set), catalogue=catalogue(), by=controller, at=when.clone)
    for pair in documents.running(session, organisation.id):
        if pair.revision.status is Status.DRAFT and pair.revision.carrier_id is None and pair.revision.label == FIRST:
            sign(session, organisation, pair, when, today)
    if demo is DEMOS[0]:
        live(session, organisation, today)


def sign(session: Session, organisation: Organisation, pair: documents.Controlled, when: Moments, today: date) -> None:
    """编制 by somebody of the owning department, 审核 by the management representative, 批准 by the general manager, 发布 by the 文控员."""
    document, revision = pair.document, pair.revision
    reviewer = holder(session, organisation, "management_representative", today)
    approver = holder(session, organisation, "general_manager", today)
    controller = holder(session, organisation, "document_controller", today)
    preparer = preparer_of(session, organisation, document.department, today, {reviewer.login, approver.login}) or controller
    approvals.submit(session, organisation, document, revision, standard=standard(), catalogue=catalogue(), by=preparer, at=when.submit)
    approvals.review(session, document, revision, standard=standard(), by=reviewer, at=when.review)
    approvals.approve(session, document, revision, by=approver, at=when.approve)
    approvals.release(session, organisation, document, revision, by=controller, at=when.release, effective_on=when.effective_on)


def holder(session: Session, organisation: Organisation, post: str, today: date) -> Actor:
    """Whoever holds this post (or a post joined with it)."""
    for department in departments_of(chart_on(session, organisation.id, today)):
        for node in department.posts:
            if post in (node.key, *node.aliases) and node.holders:
                return member(session, organisation, node.holders[0].login, today)
    raise InputError(f"{organisation.name}没有人担任 {post}", code="post_vacant")


def preparer_of(session: Session, organisation: Organisation, department: str, today: date, not_these: set[str]) -> Actor | None:
    for node in departments_of(chart_on(session, organisation.id, today)):
        if department in (node.key, *node.aliases):
            logins = (person.login for post in node.posts for person in post.holders if person.login not in not_these)
            login = next(logins, None)
            return member(session, organisation, login, today) if login else None
    return None


def member(session: Session, organisation: Organisation, login: str, today: date) -> Actor:
    """The person of this account with his posts and roles."""
    return member_actor(session, organisation, find_user(session, login), today)


def results(session: Session, organisation: Organisation, folder: Path) -> None:
    """manual.docx/pdf/html, coverage.json/xlsx and problems.json."""
    today = clock.today(organisation.time_zone)
    coverage = coverage_on(session, organisation.id, standard(), today)
    problems = find_problems(gather(session, organisation, today, catalogue(), register()))
    row = build_manual(
        session, organisation, workshop_for(session, organisation), on=today, formats=list(Format), by=SYSTEM, at=clock.now()
    )
    files = {file["name"]: store.get(settings().data, file["sha256"]) for file in row.files}
    files |= {"coverage.json": json_bytes(coverage, organisation.name), "coverage.xlsx": xlsx_bytes(coverage, organisation.name)}
    files["problems.json"] = (json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2) + "\n").encode()
    write_all(folder, files)
    totals = "、".join(f"{name} {count}" for name, count in coverage.totals.items())
    say(f"  手册 {row.files[0]['pages']} 页；问题项 {len(problems)}；指标 {totals}")
    for line in listing(folder, files):
        say(line)


def listing(folder: Path, files: dict[str, bytes]) -> Iterator[str]:
    shown = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
    for name, data in sorted(files.items()):
        yield f"  {shown / name}  {len(data) / 1024:,.0f} KB"


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except ServiceError as fault:
        sys.exit(f"错误[{fault.code}]：{fault}")
