"""Creating and changing an organisation on a real database, and what is known on which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from organisations.profiles import NOON, PROFILE, changed, read
from service.errors import Conflict, InputError, NotFound
from service.organisations.actions import NAME, create_organisation, set_value, set_values, update_profile
from service.organisations.models import Department, Organisation, Post, PostHolder, VariableValue
from service.organisations.queries import actor, chart_on, find_organisation, list_organisations, values_on
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import SYSTEM, Actor, Catalogue, departments_of, posts_of
from service.organisations.tasks import take_name
from service.trail.queries import entries, verify

JIA = Actor("jia", "贾一", ("general_manager",), "总经理", (HeldRole(Role.DOCUMENT_CONTROLLER),))
SPRING, SUMMER, DAY = date(2026, 3, 1), date(2026, 8, 1), timedelta(days=1)


@pytest.fixture
def firm(session: Session, catalogue: Catalogue) -> Organisation:
    return create_organisation(session, read(PROFILE, catalogue), at=NOON)


def target(session: Session, firm: Organisation, catalogue: Catalogue, on: date, recorded_on: datetime | None = None) -> object:
    values = values_on(session, firm.id, on, recorded_on, catalogue=catalogue)["targets"]
    assert isinstance(values, dict)
    return values["return_repair_rate"]


def test_code_is_unique(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    with pytest.raises(Conflict, match="AB") as caught:
        create_organisation(session, read(PROFILE, catalogue), at=NOON)
    assert caught.value.code == "organisation_exists"


def test_database_itself_refuses_a_second_organisation_with_the_code(session: Session, firm: Organisation) -> None:
    session.add(Organisation(**firm.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_database_itself_refuses_a_second_open_row_of_a_post(session: Session, firm: Organisation) -> None:
    twin = Post(organisation_id=firm.id, key="technician", name="甲", department="service", position=9, valid_from=SPRING, recorded_at=NOON)
    session.add(twin)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_organisation_is_found_by_its_code_and_nothing_else(session: Session, firm: Organisation) -> None:
    assert find_organisation(session, "AB").name == "示范甲公司"
    assert [item.code for item in list_organisations(session)] == ["AB"]
    with pytest.raises(NotFound, match="找不到代号为“ab”的企业"):
        find_organisation(session, "ab")


def test_values_are_nested_for_filling_texts(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    values = values_on(session, firm.id, SPRING, catalogue=catalogue)
    company = values["company"]
    assert isinstance(company, dict)
    assert (company["legal_name"], company["founded_on"], company["products"]) == ("示范甲公司", date(2015, 3, 1), ["水壶", "水杯"])
    assert company["code"] == "AB"
    assert values["choices"] == {name.partition(".")[2]: None for name in catalogue if name.startswith("choices.")} | {"makes": False}
    assert values["departments"] == {"management": "公司管理层", "service": "服务部", "technical": "服务部"}
    assert values["posts"] == {
        "general_manager": "总经理",
        "management_representative": "总经理",
        "service_manager": "服务部经理",
        "technician": "维修工程师",
    }
    assert values["persons"] == {
        "general_manager": "贾一",
        "management_representative": "贾一",
        "service_manager": "易二",
        "technician": "易二、邴三",
    }
    assert [outlet["name"] for outlet in values["outlets"] if isinstance(outlet, dict)] == ["甲站"]


def test_every_name_of_the_catalogue_is_there_and_a_blank_is_none(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    values = values_on(session, firm.id, SPRING, catalogue=catalogue)
    for name in catalogue:
        group, _, key = name.partition(".")
        assert key in values[group]
    company = values["company"]
    assert isinstance(company, dict)
    assert company["email"] is None


def test_nothing_is_known_before_the_day_of_the_profile(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    values = values_on(session, firm.id, date(2026, 1, 4), catalogue=catalogue)
    assert (values["departments"], values["outlets"]) == ({}, [])
    assert target(session, firm, catalogue, date(2026, 1, 4)) is None


@pytest.mark.parametrize(("on", "rate"), [(date(2026, 1, 5), 2), (date(2026, 6, 30), 2), (date(2026, 7, 1), 1.5), (SUMMER, 1.5)])
def test_latest_value_that_holds_on_the_day_wins(session: Session, firm: Organisation, catalogue: Catalogue, on: date, rate: float) -> None:
    assert target(session, firm, catalogue, on) == rate


def test_of_two_values_from_the_same_day_the_later_recorded_wins(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    day = date(2026, 7, 1)
    set_value(session, firm, "targets.return_repair_rate", 1, valid_from=day, by=JIA, at=NOON + DAY, catalogue=catalogue)
    assert target(session, firm, catalogue, SUMMER) == 1


def test_back_dating_shows_on_the_second_clock(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    set_value(session, firm, "targets.return_repair_rate", 9, valid_from=SPRING, by=JIA, at=NOON + DAY, catalogue=catalogue)
    assert target(session, firm, catalogue, SPRING) == 9
    assert target(session, firm, catalogue, SPRING, NOON) == 2


def test_setting_a_value_leaves_one_trail_entry(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    row = set_value(session, firm, "company.hotline", "400-000-0002", valid_from=SPRING, by=JIA, at=NOON + DAY, catalogue=catalogue)
    assert row is not None
    entry = entries(session, firm.id)[-1]
    assert (entry.action, entry.by, entry.subject_id) == ("variable:set", "jia", "company.hotline")
    assert entry.details == {"value": "400-000-0002", "valid_from": "2026-03-01"}
    assert verify(session, firm.id).position is None


def test_setting_what_holds_anyway_writes_nothing(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    before = len(entries(session, firm.id))
    put = set_value(session, firm, "company.founded_on", date(2015, 3, 1), valid_from=SPRING, by=JIA, at=NOON + DAY, catalogue=catalogue)
    assert put is None
    assert len(entries(session, firm.id)) == before


def named(session: Session, firm: Organisation, catalogue: Catalogue, name: str, valid_from: date, at: datetime = NOON) -> None:
    set_value(session, firm, NAME, name, valid_from=valid_from, by=JIA, at=at, catalogue=catalogue)


def test_company_is_called_by_the_name_that_holds_today_whatever_was_written_last(
    session: Session, firm: Organisation, catalogue: Catalogue
) -> None:
    named(session, firm, catalogue, "示范乙公司", NOON.date(), NOON + timedelta(minutes=1))
    assert firm.name == "示范乙公司"
    named(session, firm, catalogue, "示范旧公司", NOON.date() - 9 * DAY, NOON + timedelta(minutes=2))
    assert firm.name == "示范乙公司"
    past = {NAME: "示范更旧公司", "company.hotline": "400-000-0009"}
    set_values(session, firm, past, valid_from=NOON.date() - 8 * DAY, by=JIA, at=NOON + timedelta(minutes=3), catalogue=catalogue)
    assert firm.name == "示范乙公司"


def test_name_set_for_a_later_day_is_taken_on_that_day_once(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    named(session, firm, catalogue, "示范乙公司", SPRING)
    assert firm.name == "示范甲公司"
    eve = datetime(2026, 2, 28, 15, 59, tzinfo=NOON.tzinfo)  # 23:59 in Shanghai
    take_name(session, firm, at=eve)
    assert firm.name == "示范甲公司"
    for minutes in (1, 61):
        take_name(session, firm, at=eve + timedelta(minutes=minutes))
        assert firm.name == "示范乙公司"
    told = [row for row in entries(session, firm.id) if row.action == "organisation:rename"]
    assert [(row.by, row.subject_id, row.details) for row in told] == [("system", "AB", {"name": "示范乙公司", "former": "示范甲公司"})]


def test_profile_does_not_bring_back_a_name_that_no_longer_holds(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    named(session, firm, catalogue, "示范乙公司", NOON.date() + DAY, NOON + DAY)
    text = changed(("400-000-0001", "400-000-0002"))
    assert update_profile(session, firm, read(text, catalogue), by=SYSTEM, at=NOON + 2 * DAY)
    assert firm.name == "示范乙公司"


def test_name_of_a_profile_is_the_one_that_holds_on_the_day(session: Session, catalogue: Catalogue) -> None:
    history = "legal_name: [{value: 示范甲公司, from: 2026-01-05}, {value: 示范乙公司, from: 2026-07-01}]"
    firm = create_organisation(session, read(changed(("legal_name: 示范甲公司", history)), catalogue), at=NOON)
    assert firm.name == "示范甲公司"
    renamed = read(changed(("示范甲公司", "示范丙公司")), catalogue)
    assert update_profile(session, firm, renamed, by=SYSTEM, at=NOON + DAY)
    assert (firm.name, entries(session, firm.id)[-1].details["name"]) == ("示范丙公司", "示范丙公司")


def test_blank_ends_a_value(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    set_value(session, firm, "targets.return_repair_rate", None, valid_from=SPRING, by=JIA, at=NOON + DAY, catalogue=catalogue)
    assert target(session, firm, catalogue, SPRING) is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("company.hotlin", "1", "variable_not_found"),
        ("targets.repair_days", "五", "bad_value"),
        ("targets.repair_days", True, "bad_value"),
        ("dates.manual_effective_on", "2026-01-05", "bad_value"),
        ("company.products", ["甲", 3], "bad_value"),
        ("outlets", [{"name": "甲站"}], "bad_value"),
    ],
)
def test_value_that_does_not_fit_is_refused(
    session: Session, firm: Organisation, catalogue: Catalogue, name: str, value: object, code: str
) -> None:
    with pytest.raises((InputError, NotFound)) as caught:
        set_value(session, firm, name, value, valid_from=SPRING, by=JIA, at=NOON, catalogue=catalogue)
    assert caught.value.code == code


def test_same_profile_twice_changes_nothing(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    before = (len(entries(session, firm.id)), rows(session))
    assert update_profile(session, firm, read(PROFILE, catalogue), by=SYSTEM, at=NOON + DAY) is False
    assert (len(entries(session, firm.id)), rows(session)) == before


def rows(session: Session) -> int:
    return sum(len(session.exec(select(table)).all()) for table in (VariableValue, Department, Post, PostHolder))


def test_changed_profile_writes_only_what_differs(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    text = changed(("repair_days: 5", "repair_days: 6"), ("name: 维修工程师", "name: 维修技师"), ("{kind}", "CX"))
    profile = read(
        text.replace("valid_from: 2026-01-05", "valid_from: 2026-03-01").replace("from: 2026-01-05}", "from: 2026-03-01}"), catalogue
    )
    assert update_profile(session, firm, profile, by=JIA, at=NOON + DAY) is True
    details = entries(session, firm.id)[-1].details
    assert details["values"] == ["targets.repair_days@2026-03-01"]
    assert (details["posts"], details["departments"], details["holders"]) == (["-technician", "+technician"], [], [])
    assert firm.number_pattern == details["number_pattern"] == "{company}/SH-CX-{serial:02}"


def test_changed_chart_leaves_the_former_days_as_they_were(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    text = changed(("valid_from: 2026-01-05", "valid_from: 2026-03-01"), ("name: 维修工程师", "name: 维修技师"))
    update_profile(session, firm, read(text, catalogue), by=JIA, at=NOON + DAY)

    def name(on: date, recorded_on: datetime | None = None) -> str:
        return next(post.name for post in posts_of(chart_on(session, firm.id, on, recorded_on)) if post.key == "technician")

    assert (name(SPRING - DAY), name(SPRING)) == ("维修工程师", "维修技师")
    assert name(SPRING, NOON) == "维修工程师"


def test_department_that_the_profile_drops_ends(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    shop = changed(("persons:\n", "  - {key: shop, name: 门店, parent: service}\npersons:\n"))
    update_profile(session, firm, read(shop, catalogue), by=JIA, at=NOON + DAY)
    assert "shop" in {node.key for node in departments_of(chart_on(session, firm.id, SPRING))}
    update_profile(session, firm, read(PROFILE, catalogue), by=JIA, at=NOON + 2 * DAY)
    assert "shop" not in {node.key for node in departments_of(chart_on(session, firm.id, SPRING))}
    assert "shop" in {node.key for node in departments_of(chart_on(session, firm.id, SPRING, NOON + DAY))}


def test_profile_without_persons_leaves_every_post_vacant(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    nobody = PROFILE[: PROFILE.index("persons:")] + PROFILE[PROFILE.index("outlets:") : PROFILE.index("not_applicable:")]
    update_profile(session, firm, read(nobody, catalogue), by=JIA, at=NOON + DAY)
    assert not any(post.holders for post in posts_of(chart_on(session, firm.id, SPRING)))


def test_department_whose_parent_is_gone_stands_at_the_top(session: Session, firm: Organisation) -> None:
    parent = session.exec(select(Department).where(Department.key == "management")).one()
    parent.valid_to, parent.ended_at = SPRING, NOON
    session.add(parent)
    assert [node.key for node in chart_on(session, firm.id, SPRING).roots] == ["service"]


def test_value_set_for_a_later_day_survives_the_same_profile(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    set_value(session, firm, "targets.repair_days", 4, valid_from=SPRING, by=JIA, at=NOON + DAY, catalogue=catalogue)
    update_profile(session, firm, read(PROFILE, catalogue), by=SYSTEM, at=NOON + 2 * DAY)
    values = values_on(session, firm.id, SPRING, catalogue=catalogue)["targets"]
    assert isinstance(values, dict)
    assert values["repair_days"] == 4


def test_profile_of_another_code_is_refused(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="AC"):
        update_profile(session, firm, read(changed(("code: AB", "code: AC")), catalogue), by=SYSTEM, at=NOON)


def test_actor_holds_joined_posts_too(session: Session, firm: Organisation) -> None:
    keys = ("general_manager", "management_representative")
    assert actor(session, firm, "jia", SPRING) == Actor("jia", "贾一", keys, "总经理", departments=("management",))
    assert actor(session, firm, "yi", SPRING).post_name == "服务部经理、维修工程师"


def test_nobody_acts_who_holds_no_post_on_the_day(session: Session, firm: Organisation) -> None:
    for login, on in (("nobody", SPRING), ("jia", date(2026, 1, 4))):
        with pytest.raises(NotFound, match=login):
            actor(session, firm, login, on)


def test_one_organisation_sees_nothing_of_another(session: Session, firm: Organisation, catalogue: Catalogue) -> None:
    other = create_organisation(session, read(changed(("code: AB", "code: AC"), ("repair_days: 5", "repair_days: 8")), catalogue), at=NOON)
    set_value(session, other, "company.hotline", "400-000-0009", valid_from=SPRING, by=JIA, at=NOON, catalogue=catalogue)
    company = values_on(session, firm.id, SPRING, catalogue=catalogue)["company"]
    assert isinstance(company, dict)
    assert company["hotline"] == "400-000-0001"
