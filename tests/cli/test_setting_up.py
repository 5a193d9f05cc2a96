"""Commands that set up: migrate, organisation, library; and what every command says before."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import command, done, people, refused, rows_in
from small_manual import DELETED, LONG_AGO

STEPS = ("submit", "review", "approve", "release")
BEFORE = (
    ("organisation", "list"),
    ("organisation", "show", "JC"),
    ("library", "clone", "small", "--organisation", "JC", "--by", "bing"),
    ("document", "list", "--organisation", "JC"),
    ("document", "show", "JC/SH-CX-01", "--organisation", "JC"),
    ("document", "export", "JC/SH-CX-01", "--organisation", "JC"),
    *(("document", step, "JC/SH-CX-01", "--organisation", "JC", "--by", "ding") for step in STEPS),
    ("document", "return", "JC/SH-CX-01", "--organisation", "JC", "--by", "jia", "--reason", "请改"),
    ("document", "obsolete", "JC/SH-CX-01", "--organisation", "JC", "--by", "bing", "--reason", "并入"),
    ("check", "--organisation", "JC"),
    ("coverage", "--organisation", "JC"),
    ("manual", "build", "--organisation", "JC", "--output", "out"),
    ("trail", "verify"),
    ("trail", "anchor", "--organisation", "JC"),
    ("trail", "export", "--organisation", "JC", "--output", "trail.jsonl"),
    ("serve",),
)


@pytest.fixture
def profile(home: Path) -> Path:
    file = home / "jc.yml"
    file.write_text(LONG_AGO, "utf-8")
    return file


@pytest.fixture
def founded(profile: Path) -> Path:
    done("migrate")
    done("organisation", "create", str(profile))
    people(profile.parent)
    return profile


@pytest.mark.parametrize("words", BEFORE, ids=lambda words: " ".join(words[:2]))
def test_command_before_migrate_says_what_to_do(home: Path, words: tuple[str, ...]) -> None:
    assert "请先运行 service-manual migrate" in refused("not_migrated", *words)
    assert list((home / "desk").iterdir()) == []


def test_import_and_create_before_migrate_say_what_to_do(profile: Path) -> None:
    (profile.parent / "old.md").write_text("# 文\n\n正文。\n", "utf-8")
    refused("not_migrated", "organisation", "create", str(profile))
    refused("not_migrated", "import", str(profile.parent / "old.md"), "--organisation", "JC")


def test_migrate_makes_the_database_in_the_data_folder(home: Path) -> None:
    assert not (home / "data").exists()
    assert "最新" in done("migrate").out
    assert set(rows_in(home).values()) == {0}
    done("migrate")


def test_data_folder_and_database_can_be_named_on_the_command_line(home: Path) -> None:
    done("--data", str(home / "other"), "migrate")
    assert (home / "other" / "service-manual.sqlite").is_file()
    done("--database", f"sqlite:///{home / 'third.sqlite'}", "migrate")
    assert (home / "third.sqlite").is_file()


def test_organisation_is_created_listed_and_shown(founded: Path) -> None:
    assert done("organisation", "list", "--json").json == [
        {"code": "JC", "name": "示范甲公司", "number_pattern": "{company}/SH-{kind}-{serial:02}"}
    ]
    values = done("organisation", "show", "JC", "--json").json
    assert (values["company"]["hotline"], values["company"]["code"]) == ("400-000-0001", "JC")
    assert (values["departments"]["service"], values["persons"]["general_manager"]) == ("服务部", "贾一")
    assert values["targets"]["return_repair_rate"] == 1


def test_organisation_is_shown_to_people_with_what_is_blank(founded: Path) -> None:
    words = done("organisation", "show", "JC").out
    assert "400-000-0001" in words
    assert "（未填）" in words
    assert "示范甲公司" in done("organisation", "list").out


def test_deletions_of_the_profile_are_decided(founded: Path) -> None:
    rows = done("coverage", "--organisation", "JC", "--format", "json").json["indicators"]
    assert {row["code"]: row["justification"] for row in rows if row["state"] == "not_applicable"} == {"5.2.2.2": DELETED}


def test_organisation_that_is_there_is_not_created_again_but_brought_up_to_date(founded: Path) -> None:
    before = rows_in(founded.parent)
    assert "企业代号“JC”已被使用" in refused("organisation_exists", "organisation", "create", str(founded))
    assert rows_in(founded.parent) == before
    founded.write_text(LONG_AGO.replace("400-000-0001", "400-000-0009"), "utf-8")
    done("organisation", "create", str(founded), "--update")
    assert done("organisation", "show", "JC", "--json").json["company"]["hotline"] == "400-000-0009"


def test_unknown_organisation_is_not_found(founded: Path) -> None:
    assert "找不到代号为“XX”的企业" in refused("organisation_not_found", "organisation", "show", "XX")


def test_template_sets_are_listed(home: Path) -> None:
    assert done("library", "list", "--json").json == [
        {"key": "small", "name": "小套", "standard": "gbt27922-2011", "documents": 12, "forms": 2}
    ]
    assert "小套" in done("library", "list").out


def test_template_set_without_faults_passes_its_check(home: Path) -> None:
    assert "14 份文件和表单，0 处问题" in done("library", "check", "small").out
    assert done("library", "check", "small", "--json").json == []


def test_faults_of_a_template_set_are_listed_with_file_and_line(home: Path) -> None:
    file = home / "templates" / "docs" / "small" / "rules.md"
    file.write_text(file.read_text("utf-8").replace("佩戴工牌", "佩戴{{ company.badge }}"), "utf-8")
    answer = command("library", "check", "small")
    assert answer.exit_code == 1
    assert answer.err.startswith("unknown_variable small/rules.md:8:没有名为 company.badge 的企业参数")
    answer = command("library", "check", "small", "--json")
    assert answer.exit_code == 1
    [fault] = answer.json
    assert {key: fault[key] for key in ("code", "file", "line")} == {"code": "unknown_variable", "file": "small/rules.md", "line": 8}


def test_set_is_cloned_once(founded: Path) -> None:
    words = ("library", "clone", "small", "--organisation", "JC", "--by", "bing")
    made = done(*words, "--json").json
    assert made["created"][:2] == ["JC/SH-SC-01", "JC/SH-SC-02"]
    assert (len(made["created"]), made["present"], made["left_out"]) == (14, [], [])
    before = rows_in(founded.parent)
    again = done(*words, "--json").json
    assert (again["created"], len(again["present"])) == ([], 14)
    assert rows_in(founded.parent) == before
    assert "新建草稿 0 份，已有 14 份" in done(*words).out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("set_not_found", ("clone", "large", "--organisation", "JC", "--by", "bing")),
        ("organisation_not_found", ("clone", "small", "--organisation", "XX", "--by", "bing")),
        ("set_not_found", ("check", "large")),
    ],
)
def test_set_or_organisation_that_is_not_there_is_named(founded: Path, code: str, words: tuple[str, ...]) -> None:
    before = rows_in(founded.parent)
    assert any(name in refused(code, "library", *words) for name in ("large", "XX"))
    assert rows_in(founded.parent) == before


def test_health_is_told_by_exit_code(home: Path) -> None:
    assert "database" in refused("not_ready", "health")
    done("migrate")
    assert "可用" in done("health").out
