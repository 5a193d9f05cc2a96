"""The demo organisations: complete, consistent in themselves, invented, and honest in what they delete."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from service.organisations.profile import Profile, read_profile
from service.organisations.rules import Catalogue
from service.settings import ROOT
from service.standards.loading import load_standards

DEMO = ROOT / "content" / "demo"
NAMES = ("manufacturer", "trader", "small")
PRODUCTION = {"production", "production_manager"}
NEEDED_BY = {"choices.sells_online": "company.online_shop", "choices.hazardous_waste": "company.waste_contractor"}
"""An optional variable that the texts name once the choice is made."""


def demo(name: str, catalogue: Catalogue) -> Profile:
    return read_profile((DEMO / f"{name}.yml").read_text(encoding="utf-8"), file=f"{name}.yml", catalogue=catalogue)


def values(profile: Profile) -> dict[str, object]:
    return {item.name: item.value for item in profile.values}


def number(profile: Profile, name: str) -> float:
    value = values(profile)[name]
    assert isinstance(value, int | float)
    return value


def keys(profile: Profile) -> set[str]:
    rows = [(entry.key, *entry.aliases) for entry in profile.departments] + [(entry.key, *entry.aliases) for entry in profile.posts]
    return {key for row in rows for key in row}


@pytest.mark.parametrize("name", NAMES)
def test_demo_profile_leaves_no_variable_blank(catalogue: Catalogue, name: str) -> None:
    given = {item.name for item in demo(name, catalogue).values} | {"company.code"}
    assert [spec.name for spec in catalogue.values() if not spec.optional and spec.name not in given] == []


@pytest.mark.parametrize("name", NAMES)
def test_demo_profile_gives_what_its_choices_need(catalogue: Catalogue, name: str) -> None:
    given = values(demo(name, catalogue))
    assert [needed for choice, needed in NEEDED_BY.items() if given[choice] and needed not in given] == []
    assert given["choices.makes"] or "company.manufacturer" in given


@pytest.mark.parametrize("name", ["trader", "small"])
def test_every_department_and_post_of_the_texts_is_on_the_chart(catalogue: Catalogue, name: str) -> None:
    profile = demo(name, catalogue)
    missing = keys(demo("manufacturer", catalogue)) - keys(profile)
    assert missing == (set() if values(profile)["choices.makes"] else PRODUCTION)


@pytest.mark.parametrize("name", ["trader", "small"])
def test_posts_that_sign_or_are_named_have_a_holder(catalogue: Catalogue, name: str) -> None:
    profile = demo(name, catalogue)
    own = {key: post.key for post in profile.posts for key in (post.key, *post.aliases)}
    held = {post for person in profile.persons for post in person.posts}
    named = {post for person in demo("manufacturer", catalogue).persons for post in person.posts}
    assert {post for post in named if post in own and own[post] not in held} == set()


@pytest.mark.parametrize("name", NAMES)
def test_preparer_reviewer_and_approver_are_three_people(catalogue: Catalogue, name: str) -> None:
    posts = ("service_manager", "management_representative", "general_manager")
    signers = [person.login for post in posts for person in demo(name, catalogue).persons if post in person.posts]
    assert len(signers) == len(set(signers)) == 3


@pytest.mark.parametrize("name", NAMES)
def test_figures_of_a_demo_profile_agree_with_each_other(catalogue: Catalogue, name: str) -> None:
    profile = demo(name, catalogue)
    share = 100 * number(profile, "company.certified_managers") / number(profile, "company.service_leaders")
    assert share >= number(profile, "targets.certified_manager_ratio")
    assert number(profile, "company.service_leaders") <= number(profile, "company.service_staff") < number(profile, "company.employees")
    assert len(profile.persons) <= number(profile, "company.employees")


@pytest.mark.parametrize("name", NAMES)
def test_promised_figures_are_the_targets(catalogue: Catalogue, name: str) -> None:
    profile = demo(name, catalogue)
    promises = str(values(profile)["policy.commitments"])
    for words, target in (
        (r"报修后 (\d+) 分钟", "targets.response_minutes"),
        (r"投诉 (\d+) 小时", "targets.complaint_reply_hours"),
        (r"首次反馈.(\d+) 个工作日", "targets.complaint_close_days"),
        (r"整机保修 (\d+) 个月", "warranty.whole_months"),
        (r"市区 (\d+) 小时内送货", "targets.delivery_local_hours"),
        (r"(\d+) 个工作日内完成安装", "targets.install_days"),
        (r"(\d+) 日无理由", "targets.online_return_days"),
    ):
        assert {float(figure) for figure in re.findall(words, promises)} <= {float(number(profile, target))}


@pytest.mark.parametrize("name", NAMES)
def test_demo_profile_holds_no_real_address_or_number(catalogue: Catalogue, name: str) -> None:
    given = values(demo(name, catalogue))
    assert all(str(given[f"company.{key}"]).split("/")[0].endswith(".example") for key in ("email", "website", "service_page"))
    text = (DEMO / f"{name}.yml").read_text(encoding="utf-8")
    phones = re.findall(r"\b\d{3,4}-\d{3,4}-?\d{4}\b", text)
    assert len(phones) > 3
    assert all("-000-" in phone or "-0000-" in phone for phone in phones)


def test_demo_organisations_share_no_person_code_or_phone(catalogue: Catalogue) -> None:
    for one, other in combinations((demo(name, catalogue) for name in NAMES), 2):
        assert one.code != other.code
        assert not {person.name for person in one.persons} & {person.name for person in other.persons}
        assert values(one)["company.hotline"] != values(other)["company.hotline"]


def test_trader_deletes_installation_and_loans_and_keeps_what_it_must_cooperate_in(catalogue: Catalogue) -> None:
    leaves = {leaf.code for leaf in load_standards(ROOT / "content" / "standards")["gbt27922-2011"].leaves}
    deleted = {entry.indicator for entry in demo("trader", catalogue).not_applicable}
    assert deleted == {"5.2.2.2", "5.2.4.4"}
    assert deleted <= leaves
    assert not deleted & {"5.2.4.1", "5.2.5.3", "5.2.5.4", "5.2.6.2"}


def test_small_firm_joins_departments_and_posts(catalogue: Catalogue) -> None:
    small = demo("small", catalogue)
    assert [entry.name for entry in small.departments] == ["总经理室", "综合部", "服务部", "技术质量部", "销售部"]
    assert number(small, "company.employees") == len(small.persons) == 15
    assert any(len(person.posts) > 1 for person in small.persons)
