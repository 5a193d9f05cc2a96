"""Members: who gets which role from whom, how long it lasts, and that taking it away works at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from small_firm import Firm, day, founded, moment
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.accounts.actions import create_user, disable_user
from service.accounts.models import User
from service.accounts.queries import events
from service.db import reading, writing
from service.errors import Conflict, Forbidden, InputError, NotFound, Refused, ServiceError
from service.notices.models import Notice
from service.organisations.admission import admit, invite_member, is_own_name
from service.organisations.members import add_member, add_members_of_chart, end_membership
from service.organisations.models import Membership, Organisation
from service.organisations.queries import (
    chart_accounts,
    find_as_member,
    find_organisation,
    find_person,
    member_actor,
    members,
    memberships,
    roles_of,
)
from service.organisations.roles import ROLE_NAMES, Act, HeldRole, Role, may, roles_for_posts
from service.organisations.rules import SYSTEM, Actor, require
from service.trail.queries import entries, verify

AT, ON = moment(3, 2), day(3, 2)
MANAGER = Actor("bing", "邴三", ("document_controller",), "文控员", (HeldRole(Role.ADMINISTRATOR),))


def person(session: Session, login: str = "ding", name: str = "丁四", email: str = "", password: str | None = None) -> User:
    return create_user(session, login, name, email or f"{login}@mail.example", password=password, by="admin", at=AT)


def add(session: Session, owner: Organisation, user: User, role: Role = Role.AUTHOR, **limits: Any) -> Membership:
    return add_member(session, owner, user, role, by=MANAGER, at=AT, on=ON, **limits)


def end(session: Session, owner: Organisation, user: User, role: Role = Role.AUTHOR, by: Actor = MANAGER) -> None:
    end_membership(session, owner, user, role, by=by, at=AT)


def refusal(error: type[ServiceError], act: Callable[[], object]) -> tuple[str, str]:
    """(code, sentence) of a refusal of this kind."""
    with pytest.raises(error) as caught:
        act()
    return caught.value.code, caught.value.message


def roles_on(session: Session, owner: Organisation, user: User, on: date = ON) -> set[Role]:
    return {each.role for each in roles_of(memberships(session, owner.id, user.id), on)}


def noted(session: Session, owner: Organisation) -> list[tuple[str, str, str, dict[str, object]]]:
    """What the trail holds of members."""
    rows = [row for row in entries(session, owner.id) if row.subject == "member"]
    return [(row.action, row.by, row.subject_id, row.details) for row in rows]


@pytest.fixture
def firm(undone: Session) -> Firm:
    return founded(undone)


@pytest.fixture
def owner(firm: Firm) -> Organisation:
    return firm.organisation


def test_member_acts_with_his_roles_and_posts(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user)
    add(undone, owner, user, Role.READER)
    acting = member_actor(undone, owner, user, ON)
    assert {each.role for each in acting.roles} == {Role.AUTHOR, Role.READER}
    assert (acting.posts, acting.post_name, acting.departments) == (("service_manager",), "服务部经理", ("service",))


def test_consultant_without_a_post_stands_under_his_role(undone: Session, owner: Organisation) -> None:
    user = person(undone, "zi", "咨询")
    add(undone, owner, user, Role.CONSULTANT)
    acting = member_actor(undone, owner, user, ON)
    assert (acting.name, acting.posts, acting.post_name) == ("咨询", (), "咨询师")


def test_stranger_is_no_member(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    assert refusal(NotFound, lambda: member_actor(undone, owner, user, ON))[0] == "member_not_found"
    assert find_as_member(undone, "JC", user.id) is None


def test_member_of_one_firm_is_a_stranger_in_another(undone: Session, owner: Organisation) -> None:
    other, user = founded(undone, "YI").organisation, person(undone)
    add(undone, owner, user)
    assert roles_on(undone, other, user) == set()
    assert members(undone, other.id) == []
    assert refusal(NotFound, lambda: end(undone, other, user))[0] == "member_not_found"
    assert refusal(NotFound, lambda: find_person(undone, other.id, "ding"))[0] == "member_not_found"
    assert roles_on(undone, owner, user) == {Role.AUTHOR}


@pytest.mark.parametrize("role", [role for role in Role if Role.ADMINISTRATOR is not role])
def test_only_an_administrator_manages_members(undone: Session, owner: Organisation, role: Role) -> None:
    user, by = person(undone), Actor("yi", "易二", (), "", (HeldRole(role),))
    words = "易二不能管理成员：由系统管理员完成"
    at_once: Any = {"by": by, "at": AT, "on": ON}
    for act in (
        lambda: add_member(undone, owner, user, Role.AUTHOR, **at_once),
        lambda: end(undone, owner, user, by=by),
        lambda: admit(undone, owner, "ding", Role.AUTHOR, email="ding@mail.example", **at_once),
        lambda: invite_member(undone, owner, user, by=by, at=AT),
    ):
        assert refusal(Forbidden, act) == ("not_allowed", words)
    assert memberships(undone, owner.id) == []


def test_role_is_given_once(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user)
    assert refusal(Conflict, lambda: add(undone, owner, user)) == ("member_exists", "丁四已经是编制人")
    assert len(memberships(undone, owner.id)) == 1


def test_disabled_account_gets_no_role(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    disable_user(undone, user, by="admin", at=AT)
    assert refusal(Refused, lambda: add(undone, owner, user))[0] == "user_disabled"


def test_auditor_needs_a_last_day(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    assert refusal(InputError, lambda: add(undone, owner, user, Role.AUDITOR)) == ("until_missing", "评审员须有截止日期")
    add(undone, owner, user, Role.AUDITOR, until=day(3, 31))
    assert roles_on(undone, owner, user, day(3, 31)) == {Role.AUDITOR}
    assert roles_on(undone, owner, user, day(4, 1)) == set()


def test_last_day_must_not_be_over(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    assert refusal(InputError, lambda: add(undone, owner, user, until=ON - timedelta(days=1)))[0] == "until_over"
    add(undone, owner, user, until=ON)
    assert roles_on(undone, owner, user) == {Role.AUTHOR}


def test_role_past_its_last_day_is_given_again(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user, Role.AUDITOR, until=ON)
    later: Any = {"by": MANAGER, "at": moment(4, 1), "on": day(4, 1)}
    add_member(undone, owner, user, Role.AUDITOR, until=day(4, 30), **later)
    assert roles_on(undone, owner, user, day(4, 1)) == {Role.AUDITOR}
    assert [row.until for row in memberships(undone, owner.id)] == [day(4, 30)]


def test_role_limited_to_departments_counts_for_their_documents_only(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user, departments=["service", "service"])
    acting = member_actor(undone, owner, user, ON)
    assert acting.roles == (HeldRole(Role.AUTHOR, frozenset({"service"})),)
    require(acting, Act.DRAFT, "service")
    code, words = refusal(Forbidden, lambda: require(acting, Act.DRAFT, "management"))
    assert (code, words) == ("not_allowed", "丁四不能编制文件：其角色不包括本文件的归口部门")
    assert may(acting.roles, Act.READ_ALL, "management")


def test_department_must_be_on_the_chart(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    refused = refusal(InputError, lambda: add(undone, owner, user, departments=["service", "moon"]))
    assert refused == ("unknown_department", "组织机构图上没有部门 moon")


def test_ended_role_is_gone_at_once_and_the_others_stay(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user)
    add(undone, owner, user, Role.READER)
    end(undone, owner, user)
    assert roles_on(undone, owner, user) == {Role.READER}
    assert refusal(NotFound, lambda: end(undone, owner, user)) == ("member_not_found", "ding 不是编制人")
    add(undone, owner, user)
    assert roles_on(undone, owner, user) == {Role.AUTHOR, Role.READER}


def test_last_administrator_stays(undone: Session, owner: Organisation) -> None:
    first, second = person(undone), person(undone, "yi", "易二")
    add(undone, owner, first, Role.ADMINISTRATOR)
    assert refusal(Refused, lambda: end(undone, owner, first, Role.ADMINISTRATOR))[0] == "last_administrator"
    add(undone, owner, second, Role.ADMINISTRATOR)
    end(undone, owner, first, Role.ADMINISTRATOR)
    assert refusal(Refused, lambda: end(undone, owner, second, Role.ADMINISTRATOR))[0] == "last_administrator"


def test_administrator_who_cannot_act_does_not_count_as_one(undone: Session, owner: Organisation) -> None:
    first, over, gone = person(undone), person(undone, "yi", "易二"), person(undone, "jia", "贾一")
    for user in (first, gone):
        add(undone, owner, user, Role.ADMINISTRATOR)
    before: Any = {"by": MANAGER, "at": moment(2, 1), "on": day(2, 1)}
    add_member(undone, owner, over, Role.ADMINISTRATOR, until=day(2, 28), **before)
    disable_user(undone, gone, by="admin", at=AT)
    assert refusal(Refused, lambda: end(undone, owner, first, Role.ADMINISTRATOR))[0] == "last_administrator"
    end(undone, owner, over, Role.ADMINISTRATOR)
    end(undone, owner, gone, Role.ADMINISTRATOR)


def test_every_change_leaves_one_entry_in_the_trail(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user, departments=["service"], until=day(12, 31))
    end(undone, owner, user)
    assert noted(undone, owner) == [
        ("member:add", "bing", "ding", {"role": "author", "departments": ["service"], "until": "2026-12-31"}),
        ("member:end", "bing", "ding", {"role": "author"}),
    ]
    assert verify(undone, owner.id).position is None


def test_refused_change_leaves_no_entry(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    refusal(InputError, lambda: add(undone, owner, user, Role.AUDITOR))
    refusal(NotFound, lambda: end(undone, owner, user))
    assert noted(undone, owner) == []


def test_rows_of_former_roles_stay(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user)
    end(undone, owner, user)
    [row] = undone.exec(select(Membership)).all()
    assert (row.created_by, row.ended_at, row.ended_by) == ("bing", AT, "bing")


# by the chart


def test_posts_propose_roles(undone: Session, owner: Organisation) -> None:
    users = [person(undone, login, name) for login, name in (("jia", "贾一"), ("yi", "易二"), ("bing", "邴三"), ("ding", "丁四"))]
    assert chart_accounts(undone, owner.id, ON) == sorted(users, key=lambda user: user.login)
    added = add_members_of_chart(undone, owner, users, by=MANAGER, at=AT, on=ON)
    undone.flush()
    assert {user.login: roles_on(undone, owner, user) for user in users} == {
        "jia": {Role.APPROVER},
        "yi": {Role.REVIEWER, Role.APPROVER},
        "bing": {Role.DOCUMENT_CONTROLLER, Role.ADMINISTRATOR},
        "ding": {Role.AUTHOR, Role.READER},
    }
    assert len(added) == len(noted(undone, owner)) == 7
    assert add_members_of_chart(undone, owner, users, by=MANAGER, at=AT, on=ON) == []


def test_roles_of_a_member_are_not_changed_by_the_chart(undone: Session, owner: Organisation) -> None:
    user = person(undone)
    add(undone, owner, user, Role.REVIEWER)
    assert add_members_of_chart(undone, owner, [user], by=MANAGER, at=AT, on=ON) == []
    assert roles_on(undone, owner, user) == {Role.REVIEWER}


def test_who_holds_two_posts_gets_the_roles_of_both() -> None:
    assert roles_for_posts(["general_manager", "service_manager"]) == {Role.APPROVER, Role.AUTHOR, Role.READER}
    assert roles_for_posts([]) == frozenset()
    assert set(ROLE_NAMES) == set(Role)


def test_person_of_the_same_login_under_another_name_is_not_matched(undone: Session, owner: Organisation) -> None:
    person(undone, "ding", "丁大")
    assert chart_accounts(undone, owner.id, ON) == []


def test_person_who_was_ever_a_member_elsewhere_is_not_matched(undone: Session, owner: Organisation) -> None:
    other, user = founded(undone, "YI").organisation, person(undone)
    add(undone, other, user)
    assert chart_accounts(undone, owner.id, ON) == []
    end(undone, other, user)
    assert chart_accounts(undone, owner.id, ON) == []


def test_disabled_account_is_not_matched(undone: Session, owner: Organisation) -> None:
    disable_user(undone, person(undone), by="admin", at=AT)
    assert chart_accounts(undone, owner.id, ON) == []


# taking people in


def take_in(session: Session, owner: Organisation, login: str, email: str = "", name: str = "", role: Role = Role.READER) -> User:
    return admit(session, owner, login, role, email=email, name=name, by=MANAGER, at=AT, on=ON)


def test_known_person_is_taken_in_by_login_and_e_mail(undone: Session, owner: Organisation) -> None:
    user = person(undone, "lao", "老王", password="秋天的红色拖拉机 7")
    assert take_in(undone, owner, " LAO ", "Lao@Mail.example ") is user
    assert roles_on(undone, owner, user) == {Role.READER}
    assert undone.exec(select(Notice)).all() == []


ASKED = [
    ("lao", "", ""),
    ("lao", "other@mail.example", ""),
    ("lao", "other@mail.example", "老王"),
    ("nobody", "lao@mail.example", ""),
    ("nobody", "nobody@mail.example", "无名"),
    ("yi.wang", "wang@mail.example", "王九"),
    ("jc.a.wang", "wang@mail.example", "王九"),
    ("jc.", "wang@mail.example", "王九"),
    ("jc.wang", "wang@mail.example", ""),
    ("jc.wang", "", "王九"),
    ("", "", ""),
    ("\x00", "x@mail.example", "无名"),
]


@pytest.mark.parametrize(("login", "email", "name"), ASKED)
def test_whoever_cannot_be_taken_in_gets_one_answer(undone: Session, owner: Organisation, login: str, email: str, name: str) -> None:
    """The same words for a name that somebody has elsewhere and for one that nobody has."""
    person(undone, "lao", "老王")
    before = len(events(undone))
    words = "用户与邮箱不符或不存在；新建用户须填写姓名和邮箱，登录名须在本企业的组织机构图上，或以“jc.”开头"
    assert refusal(InputError, lambda: take_in(undone, owner, login, email, name)) == ("user_not_matched", words)
    assert memberships(undone, owner.id) == []
    assert len(events(undone)) == before


def test_account_without_an_e_mail_is_not_opened_by_an_empty_one(undone: Session, owner: Organisation) -> None:
    user = person(undone, "lao", "老王")
    user.email = ""
    assert refusal(InputError, lambda: take_in(undone, owner, "lao", "  "))[0] == "user_not_matched"


def test_member_gets_a_further_role_by_his_login(undone: Session, owner: Organisation) -> None:
    user = person(undone, "lao", "老王")
    add(undone, owner, user)
    take_in(undone, owner, "lao")
    assert roles_on(undone, owner, user) == {Role.AUTHOR, Role.READER}


@pytest.mark.parametrize(("login", "name"), [("jc.wang", "王九"), ("ding", "丁四")])
def test_own_name_gets_an_account_without_password_and_an_invitation(undone: Session, owner: Organisation, login: str, name: str) -> None:
    user = take_in(undone, owner, login, "new@mail.example", name)
    assert (user.login, user.name, user.email, user.password_hash) == (login, name, "new@mail.example", None)
    assert roles_on(undone, owner, user) == {Role.READER}
    [mail] = undone.exec(select(Notice)).all()
    assert (mail.recipient, mail.organisation_id, "/invitation?token=sml_" in mail.body) == ("new@mail.example", None, True)
    assert [action for action, *_ in noted(undone, owner)] == ["member:add"]
    assert [row.action for row in events(undone, user.id)] == ["user:create", "invitation:send"]


def test_account_is_not_made_for_a_role_that_is_refused(undone: Session, owner: Organisation) -> None:
    with pytest.raises(InputError), undone.begin_nested():
        take_in(undone, owner, "jc.wang", "new@mail.example", "王九", Role.AUDITOR)
    assert events(undone) == []


def test_who_is_on_the_chart_under_another_name_is_not_taken_in(undone: Session, owner: Organisation) -> None:
    person(undone, "ding", "丁大")
    code, words = refusal(Refused, lambda: take_in(undone, owner, "ding", "ding@mail.example"))
    assert (code, words) == ("name_differs", "组织机构图上的“ding”是丁四，与账号的姓名“丁大”不符")


OWN = [("JC", "jc.wang", True), ("JC", "jc", False), ("JC", "jcx.wang", False), ("JC.A", "jc.a.wang", True)]


@pytest.mark.parametrize(("code", "login", "is_own"), [*OWN, ("JC", "jc.a.wang", False), ("JC.A", "jc.wang", False)])
def test_own_names_begin_with_the_code_and_a_dot(code: str, login: str, is_own: bool) -> None:
    owner = Organisation(code=code, name="", time_zone="", number_pattern="", profile_fingerprint="", created_at=AT)
    assert is_own_name(owner, login) is is_own


def test_new_invitation_overtakes_the_former_one_and_is_recorded(undone: Session, owner: Organisation) -> None:
    user = take_in(undone, owner, "jc.wang", "new@mail.example", "王九")
    invite_member(undone, owner, user, by=MANAGER, at=AT)
    assert len(undone.exec(select(Notice)).all()) == 2
    assert [action for action, *_ in noted(undone, owner)] == ["member:add", "member:invite"]


def test_member_with_a_password_is_not_invited(undone: Session, owner: Organisation) -> None:
    user = person(undone, password="秋天的红色拖拉机 7")
    add(undone, owner, user)
    assert refusal(Conflict, lambda: invite_member(undone, owner, user, by=MANAGER, at=AT))[0] == "user_has_password"


# many at once


def run(act: Callable[[int], None], times: int) -> list[str]:
    """The codes of the refusals of so many threads that do the same at once."""
    refusals: list[str] = []

    def one(number: int) -> None:
        try:
            act(number)
        except ServiceError as fault:
            refusals.append(fault.code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_role_given_by_many_at_once_is_given_once(engine: Engine) -> None:
    with writing(engine) as session:
        founded(session)
        person(session)

    def give(_: int) -> None:
        with writing(engine) as session:
            owner = find_organisation(session, "JC")
            [user] = session.exec(select(User)).all()
            add_member(session, owner, user, Role.AUTHOR, by=SYSTEM, at=AT, on=ON)

    assert run(give, 8) == ["member_exists"] * 7
    with reading(engine) as session:
        assert len(noted(session, find_organisation(session, "JC"))) == 1


def test_administrators_who_end_each_other_at_once_leave_one(engine: Engine) -> None:
    logins = ["jia", "yi", "bing", "ding"]
    with writing(engine) as session:
        owner = founded(session).organisation
        for login in logins:
            add_member(session, owner, person(session, login, login), Role.ADMINISTRATOR, by=SYSTEM, at=AT, on=ON)

    def end_one(number: int) -> None:
        with writing(engine) as session:
            owner = find_organisation(session, "JC")
            end_membership(session, owner, find_person(session, owner.id, logins[number]), Role.ADMINISTRATOR, by=SYSTEM, at=AT)

    assert run(end_one, 4) == ["last_administrator"]
    with reading(engine) as session:
        assert len(memberships(session, find_organisation(session, "JC").id)) == 1
