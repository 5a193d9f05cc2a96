"""Commands `member`: roles given and taken by whoever has the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import command, done, refused
from small_firm import PROFILE


@pytest.fixture
def two_firms(firms: Path) -> None:
    """JC and YI with the same four people, and one person more."""
    done("user", "create", "ke", "--name", "柯五", "--email", "ke@jc.example", "--no-password")


def roles(login: str, code: str = "JC") -> list[str]:
    lines = {line["login"]: line for line in done("member", "list", "--organisation", code, "--json").json}
    return [role["role"] for role in lines[login]["roles"]] if login in lines else []


def test_role_is_given_and_taken(two_firms: None) -> None:
    assert done("member", "add", "ke", "--organisation", "JC", "--role", "reader").out == "柯五已成为示范甲公司的员工\n"
    assert roles("ke") == ["reader"]
    assert done("member", "end", "ke", "--organisation", "JC", "--role", "reader").out == "柯五不再是示范甲公司的员工\n"
    assert roles("ke") == []


def test_limits_of_a_role_are_kept_and_shown(two_firms: None) -> None:
    done("member", "add", "ke", "--organisation", "JC", "--role", "author", "--department", "service", "--until", "2099-12-31")
    [line] = [line for line in done("member", "list", "--organisation", "JC", "--json").json if line["login"] == "ke"]
    assert line["roles"][0] | {"since": ""} == {"role": "author", "departments": ["service"], "until": "2099-12-31", "since": ""}
    assert line["invited"] is True
    shown = done("member", "list", "--organisation", "JC").out.replace("\n", "")
    assert "柯五" in shown
    assert "2099-12-31" in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("user_not_found", ("add", "nobody", "--role", "reader")),
        ("until_missing", ("add", "ke", "--role", "auditor")),
        ("bad_date", ("add", "ke", "--role", "auditor", "--until", "soon")),
        ("until_over", ("add", "ke", "--role", "auditor", "--until", "2001-01-01")),
        ("unknown_department", ("add", "ke", "--role", "author", "--department", "moon")),
        ("member_exists", ("add", "ding", "--role", "author")),
        ("member_not_found", ("end", "ke", "--role", "author")),
        ("last_administrator", ("end", "bing", "--role", "administrator")),
    ],
)
def test_what_cannot_be_is_refused(two_firms: None, code: str, words: tuple[str, ...]) -> None:
    refused(code, "member", *words, "--organisation", "JC")


def test_unknown_role_is_a_wrong_call(two_firms: None) -> None:
    assert command("member", "add", "ke", "--organisation", "JC", "--role", "king").exit_code == 2


def test_organisation_that_is_none_is_refused(two_firms: None) -> None:
    for words in (("list",), ("from-chart",), ("add", "ke", "--role", "reader")):
        refused("organisation_not_found", "member", *words, "--organisation", "ZZ")


def test_chart_gives_roles_to_its_people(home: Path) -> None:
    (home / "jc.yml").write_text(PROFILE, "utf-8")
    done("migrate")
    done("organisation", "create", str(home / "jc.yml"))
    for login, name in (("bing", "邴三"), ("ding", "丁大")):
        done("user", "create", login, "--name", name, "--no-password")
    said = done("member", "from-chart", "--organisation", "JC").out
    left = "jia 贾一、yi 易二、ding 丁四（没有账号，或姓名不符，或属于其他企业，请用 member add 逐个添加）"
    assert said == f"已分配 2 种角色\n仍不是成员的：{left}\n"
    assert (roles("bing"), roles("ding")) == (["administrator", "document_controller"], [])


def test_chart_does_not_reach_for_people_of_another_firm(two_firms: None) -> None:
    for code in ("JC", "YI"):
        done("member", "end", "ding", "--organisation", code, "--role", "author")
    said = done("member", "from-chart", "--organisation", "JC").out
    assert said.startswith("已分配 0 种角色\n仍不是成员的：ding 丁四（")
    assert roles("ding") == []
