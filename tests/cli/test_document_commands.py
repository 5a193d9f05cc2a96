"""`document …`: lists, one document, export, and every step of the lifecycle as its people take it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from house import Answer, command, database_of, done, people, refused, rows_in
from small_manual import LONG_AGO

from service.approvals.rule_actions import approve_rule, propose_rule
from service.clock import now, today
from service.db import open_database, writing
from service.organisations.queries import find_organisation
from service.organisations.roles import ALL_ROLES
from service.organisations.rules import Actor

AT = ("--organisation", "JC")
REPAIR, RULES = "JC/SH-CX-01", "JC/SH-ZD-01"
FIELDS = ["number", "title", "kind", "edition", "revision_number", "label", "status", "effective_on", "fingerprint", "department"]


@pytest.fixture
def drafts(home: Path) -> Path:
    """A firm with drafts of the small set, all made by commands."""
    (home / "jc.yml").write_text(LONG_AGO, "utf-8")
    done("migrate")
    done("organisation", "create", str(home / "jc.yml"))
    people(home)
    done("library", "clone", "small", *AT, "--by", "bing")
    return home


def step(name: str, number: str, by: str, *more: str) -> Answer:
    return done("document", name, number, *AT, "--by", by, *more)


def status(number: str) -> str:
    return str(next(row["status"] for row in done("document", "list", *AT, "--json").json if row["number"] == number))


def test_list_has_the_promised_fields(firms: Path) -> None:
    rows = done("document", "list", *AT, "--json").json
    assert [list(row) for row in rows] == [FIELDS] * 14
    row = next(row for row in rows if row["number"] == REPAIR)
    assert len(row.pop("fingerprint")) == 64
    assert row == {
        "number": REPAIR,
        "title": "维修服务程序",
        "kind": "procedure",
        "edition": "A",
        "revision_number": 0,
        "label": "A/0",
        "status": "released",
        "effective_on": "2026-02-01",
        "department": "service",
    }


def test_list_as_of_a_day_has_only_what_was_in_force_then(firms: Path) -> None:
    assert done("document", "list", *AT, "--as-of", "2026-01-31", "--json").json == []
    assert len(done("document", "list", *AT, "--as-of", "2026-02-01", "--json").json) == 14


def test_list_for_people_names_kind_and_state(firms: Path) -> None:
    words = done("document", "list", *AT).out
    assert all(name in words for name in ("示范甲公司", REPAIR, "程序文件", "已发布"))


def test_list_shows_nothing_of_another_organisation(firms: Path) -> None:
    assert {row["number"].split("/")[0] for row in done("document", "list", "--organisation", "YI", "--json").json} == {"YI"}


def test_document_is_shown_with_its_signatures_and_text(firms: Path) -> None:
    words = done("document", "show", REPAIR, *AT).out
    assert "JC/SH-CX-01《维修服务程序》 A/0 已发布" in words
    assert "批准：贾一（总经理） 2026-01-" in words
    assert "T0" not in words
    assert "接到热线 400-000-0001 的报修后" in words


def test_document_as_json_has_its_revisions_signatures_and_text(firms: Path) -> None:
    shown = done("document", "show", REPAIR, *AT, "--json").json
    assert list(shown) == ["number", "kind", "revisions", "text"]
    [revision] = shown["revisions"]
    assert (revision["label"], revision["status"], revision["effective_on"]) == ("A/0", "released", "2026-02-01")
    assert [(row["meaning"], row["name"]) for row in revision["signoffs"]] == [("prepare", "丁四"), ("review", "易二"), ("approve", "贾一")]


@pytest.mark.parametrize("words", [("show", "JC/SH-CX-99"), ("export", "JC/SH-CX-99"), ("show", "YI/SH-CX-01")])
def test_number_that_the_organisation_has_not_is_not_found(firms: Path, words: tuple[str, ...]) -> None:
    code = "document_not_in_force" if words[0] == "export" else "document_not_found"
    assert words[1] in refused(code, "document", *words, *AT)


def test_document_is_exported_in_every_format(firms: Path) -> None:
    names = [f"JC-SH-CX-01.{name}" for name in ("md", "docx", "pdf", "html")]
    answer = done("document", "export", REPAIR, *AT, "--format", "md,docx,pdf,html", "--output", "out")
    files = {file.name: file.read_bytes() for file in Path("out").iterdir()}
    assert answer.out.splitlines() == [f"out/{name}" for name in names]
    assert set(files) == set(names)
    assert [files[f"JC-SH-CX-01.{name}"][:4] for name in ("docx", "pdf", "html")] == [b"PK\x03\x04", b"%PDF", b"<!do"]
    assert "400-000-0001" in files["JC-SH-CX-01.md"].decode()


def test_formats_may_be_listed_as_people_write_them(firms: Path) -> None:
    done("document", "export", REPAIR, *AT, "--format", " md, html、md", "--output", "out")
    assert {file.name for file in Path("out").iterdir()} == {"JC-SH-CX-01.md", "JC-SH-CX-01.html"}


def test_export_of_an_unknown_format_writes_nothing(firms: Path) -> None:
    assert "odt" in refused("unknown_format", "document", "export", REPAIR, *AT, "--format", "md,odt", "--output", "out")
    assert not Path("out").exists()


def test_export_is_of_the_day(firms: Path) -> None:
    refused("document_not_in_force", "document", "export", REPAIR, *AT, "--as-of", "2026-01-31", "--output", "out")
    done("document", "export", REPAIR, *AT, "--as-of", "2026-02-01", "--format", "md", "--output", "out")


def exported(*words: str) -> str:
    done("document", "export", REPAIR, *AT, "--format", "html", "--output", "out", *words)
    return Path("out/JC-SH-CX-01.html").read_text("utf-8")


def test_exported_copy_says_who_took_it(firms: Path) -> None:
    assert "非受控 · 下载人 系统（system）" in exported()
    assert "非受控 · 下载人 丁四（ding）" in exported("--by", "ding")


def test_export_under_a_name_asks_for_the_password(firms: Path) -> None:
    answer = command("document", "export", REPAIR, *AT, "--by", "ding", "--output", "out", typed="不是这个")
    assert (answer.exit_code, Path("out").exists()) == (1, False)


def test_original_is_exported_to_who_may_have_it_and_recorded(firms: Path) -> None:
    rows = rows_in(firms)["trail_entry"]
    assert "非受控" not in exported("--by", "bing", "--raw")
    assert rows_in(firms)["trail_entry"] == rows + 1
    refused("not_allowed", "document", "export", REPAIR, *AT, "--by", "ding", "--raw", "--output", "out")
    refused("copy_not_found", "document", "export", REPAIR, *AT, "--by", "bing", "--copy", "3", "--output", "out")
    assert rows_in(firms)["trail_entry"] == rows + 1


def test_draft_goes_all_the_way_into_force(drafts: Path) -> None:
    assert status(REPAIR) == "draft"
    assert "已提交审核，当前状态：审核中" in step("submit", REPAIR, "ding").out
    assert "已审核，当前状态：待批准" in step("review", REPAIR, "yi").out
    assert "已批准，当前状态：已批准" in step("approve", REPAIR, "jia").out
    answer = step("release", REPAIR, "bing")
    assert "已发布，当前状态：已发布" in answer.out
    row = next(row for row in done("document", "list", *AT, "--json").json if row["number"] == REPAIR)
    assert (row["status"], row["effective_on"]) == ("released", today().isoformat())
    assert status("JC/SH-JL-01") == "released"  # the form goes along
    assert status("JC/SH-CX-02") == "draft"


def test_step_tells_what_the_same_person_may_do_next(drafts: Path) -> None:
    assert "丁四接下来可以：撤回" in step("submit", REPAIR, "ding").out


def test_release_takes_a_later_day(drafts: Path) -> None:
    for name, by in (("submit", "ding"), ("review", "yi"), ("approve", "jia")):
        step(name, RULES, by)
    refused("bad_date", "document", "release", RULES, *AT, "--by", "bing", "--effective-on", "30.12.2099")
    refused("effective_before_release", "document", "release", RULES, *AT, "--by", "bing", "--effective-on", "2020-01-01")
    step("release", RULES, "bing", "--effective-on", "2099-12-30")
    assert done("document", "list", *AT, "--as-of", "2099-12-29", "--json").json == []
    assert len(done("document", "list", *AT, "--as-of", date(2099, 12, 30).isoformat(), "--json").json) == 1


def test_reviewer_may_confirm_some_claims_only(drafts: Path) -> None:
    step("submit", REPAIR, "ding")
    step("review", REPAIR, "yi", "--confirm", "5.2.4.4")
    step("approve", REPAIR, "jia")
    step("release", REPAIR, "bing")
    rows = {row["code"]: row for row in done("coverage", *AT, "--format", "json").json["indicators"]}
    assert [element["state"] for element in rows["5.2.4.4"]["elements"]] == ["ruled", "open"]
    assert {element["state"] for element in rows["5.2.4.1"]["elements"]} == {"unconfirmed"}


@pytest.mark.parametrize(
    ("words", "count"), [("all", 4), ("none", 0), ("5.2.4.4，5.2.4.1", 4), (" 5.2.4.1 、,", 3), ("5.2.4.4, 5.2.4.4", 1)]
)
def test_review_tells_how_many_claims_were_confirmed(drafts: Path, words: str, count: int) -> None:
    step("submit", REPAIR, "ding")
    assert f"；确认了 {count} 条指标对应" in step("review", REPAIR, "yi", "--confirm", words).out


@pytest.mark.parametrize(
    ("words", "code", "tells"),
    [("5.2.4.4，5.9.9", "unclaimed_indicator", "没有对应指标 5.9.9，"), ("，", "confirm_missing", "请写指标编号")],
)
def test_claims_that_do_not_exist_cannot_be_confirmed(drafts: Path, words: str, code: str, tells: str) -> None:
    step("submit", REPAIR, "ding")
    assert tells in refused(code, "document", "review", REPAIR, *AT, "--by", "yi", "--confirm", words)
    assert status(REPAIR) == "in_review"


def test_preparer_withdraws_what_he_submitted(drafts: Path) -> None:
    step("submit", REPAIR, "ding")
    assert "只有编制人可以撤回" in refused("step_refused", "document", "withdraw", REPAIR, *AT, "--by", "bing")
    assert "已撤回，当前状态：编制中" in step("withdraw", REPAIR, "ding").out
    assert status(REPAIR) == "draft"


def text_file(number: str, old: str, new: str) -> str:
    """The newest text of a document with other words, as a file."""
    text = done("document", "show", number, *AT, "--json").json["text"]
    assert old in text
    Path("text.md").write_text(text.replace(old, new), "utf-8")
    return "text.md"


def test_text_of_a_draft_is_replaced_by_a_file(drafts: Path) -> None:
    file = text_file(REPAIR, "的报修后", "的报修电话后")
    assert "JC/SH-CX-01 A/0《维修服务程序》的正文已替换" in done("document", "edit", REPAIR, file, *AT, "--by", "ding").out
    assert "的报修电话后" in done("document", "show", REPAIR, *AT).out


@pytest.mark.parametrize(
    ("old", "new", "code", "tells"),
    [
        ("key: ", "key: x", "identity_changed", "key"),
        ("kind: procedure", "kind: poem", "", "text.md"),
        ("## 目的", "## ", "", "text.md"),
    ],
)
def test_text_that_cannot_be_is_refused_and_the_draft_stays(drafts: Path, old: str, new: str, code: str, tells: str) -> None:
    before = done("document", "show", REPAIR, *AT).out
    answer = command("document", "edit", REPAIR, text_file(REPAIR, old, new), *AT, "--by", "ding")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith(f"错误[{code}")
    assert tells in answer.err
    assert done("document", "show", REPAIR, *AT).out == before


def test_file_that_cannot_be_read_is_refused(drafts: Path) -> None:
    refused("file_not_readable", "document", "edit", REPAIR, "nothing.md", *AT, "--by", "ding")
    Path("gbk.md").write_bytes("正文".encode("gbk"))
    refused("file_not_utf8", "document", "edit", REPAIR, "gbk.md", *AT, "--by", "ding")


def test_only_a_draft_is_edited(firms: Path) -> None:
    file = text_file(REPAIR, "的报修后", "的报修电话后")
    refused("no_running_revision", "document", "edit", REPAIR, file, *AT, "--by", "ding")


@pytest.mark.parametrize(("more", "label"), [((), "A/1"), (("--reissue",), "B/0")])
def test_next_revision_is_drafted_with_its_reason(firms: Path, more: tuple[str, ...], label: str) -> None:
    refused("change_summary_missing", "document", "revise", REPAIR, *AT, "--by", "ding", "--reason", " ")
    assert f"{REPAIR} 已起草 {label}，当前状态：编制中" in step("revise", REPAIR, "ding", "--reason", "缩短时限", *more).out
    newest = done("document", "show", REPAIR, *AT, "--json").json["revisions"][-1]
    assert (newest["label"], newest["status"], newest["change_summary"]) == (label, "draft", "缩短时限")
    refused("draft_exists", "document", "revise", REPAIR, *AT, "--by", "ding", "--reason", "再改")


def test_only_the_document_controller_makes_obsolete_and_hears_which_forms_go_along(firms: Path) -> None:
    words = ("document", "obsolete", REPAIR, *AT, "--reason", "并入")
    assert "丁四不能作废：由文控员完成" in refused("not_allowed", *words, "--by", "ding")
    assert "JC/SH-CX-01 已作废，随之作废的记录表单：JC/SH-JL-01" in done(*words, "--by", "bing").out


def test_returned_revision_is_a_draft_again(drafts: Path) -> None:
    step("submit", REPAIR, "ding")
    before = rows_in(drafts)
    refused("reason_missing", "document", "return", REPAIR, *AT, "--by", "yi", "--reason", " ")
    assert rows_in(drafts) == before
    assert "已退回，当前状态：编制中" in step("return", REPAIR, "yi", "--reason", "时限不明").out
    assert status(REPAIR) == "draft"


def test_obsolete_document_is_no_longer_in_force(firms: Path) -> None:
    refused("reason_missing", "document", "obsolete", RULES, *AT, "--by", "bing", "--reason", " ", "--on", "2026-04-01")
    refused("not_in_force", "document", "obsolete", RULES, *AT, "--by", "bing", "--reason", "并入", "--on", "2026-01-01")
    done("document", "obsolete", RULES, *AT, "--by", "bing", "--reason", "并入程序", "--on", "2026-04-01")
    numbers = {
        day: [row["number"] for row in done("document", "list", *AT, "--as-of", day, "--json").json] for day in ("2026-03-31", "2026-04-01")
    }
    assert (RULES in numbers["2026-03-31"], RULES in numbers["2026-04-01"]) == (True, False)


@pytest.mark.parametrize(
    ("code", "words", "tells"),
    [
        ("step_refused", ("review", REPAIR, "--by", "yi"), "修订当前状态不能审核，现在可以做的是：提交审核"),
        ("step_refused", ("approve", REPAIR, "--by", "jia"), "不能批准"),
        ("step_refused", ("release", REPAIR, "--by", "bing"), "不能发布"),
        ("carried_form", ("submit", "JC/SH-JL-01", "--by", "ding"), "随引用它的程序文件一起审批"),
        ("document_not_found", ("submit", "JC/SH-CX-99", "--by", "ding"), "JC/SH-CX-99"),
        ("not_in_force", ("obsolete", REPAIR, "--by", "bing", "--reason", "并入"), REPAIR),
    ],
)
def test_step_that_may_not_be_taken_is_refused_and_changes_nothing(drafts: Path, code: str, words: tuple[str, ...], tells: str) -> None:
    before = rows_in(drafts)
    assert tells in refused(code, "document", *words, *AT)
    assert (rows_in(drafts), status(REPAIR)) == (before, "draft")


def test_not_everybody_reviews_approves_or_releases(drafts: Path) -> None:
    step("submit", REPAIR, "ding")
    assert "丁四不能审核：由审核人完成" in refused("not_allowed", "document", "review", REPAIR, *AT, "--by", "ding")
    step("review", REPAIR, "yi")
    assert "须担任总经理（贾一）或管理者代表（易二）" in refused("not_allowed", "document", "approve", REPAIR, *AT, "--by", "bing")
    step("approve", REPAIR, "jia")
    assert "贾一不能发布：由文控员完成" in refused("not_allowed", "document", "release", REPAIR, *AT, "--by", "jia")


def with_rule(home: Path, *countersigners: str) -> None:
    """The rule of JC asks these posts to countersign, all of them."""
    one, other = (Actor(login, "", (), "", ALL_ROLES) for login in ("one", "other"))
    engine = open_database(database_of(home))
    with writing(engine) as session:
        owner, at = find_organisation(session, "JC"), now()
        rule = propose_rule(
            session,
            owner,
            countersigners=countersigners,
            countersigns_needed=len(countersigners),
            approvers=["general_manager"],
            valid_from=today(),
            by=one,
            at=at,
        )
        approve_rule(session, owner, rule, by=other, at=at)
    engine.dispose()


def test_posts_that_the_rule_names_countersign_before_the_approval(drafts: Path) -> None:
    with_rule(drafts, "document_controller", "service_manager")
    step("submit", REPAIR, "ding")
    assert "当前状态：会签中" in step("review", REPAIR, "yi").out
    assert "已会签，当前状态：会签中" in step("countersign", REPAIR, "bing").out
    assert "一人只签一次" in refused("step_refused", "document", "countersign", REPAIR, *AT, "--by", "bing")
    assert "已会签，当前状态：待批准" in step("countersign", REPAIR, "ding").out
