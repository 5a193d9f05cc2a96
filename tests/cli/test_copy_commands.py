"""Commands `copy …` and `acknowledgement …`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from house import command, database_of, done, refused, rows_in

from service.clock import today
from service.db import open_database, writing
from service.distribution.queries import find_revision
from service.distribution.questions import set_questions
from service.distribution.rules import QuestionText
from service.documents.queries import find_document
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM

REPAIR = "JC/SH-CX-01"
FIRM = ("--organisation", "JC")
BY = (*FIRM, "--by", "bing")
SOON = (today() + timedelta(days=10)).isoformat()


def issue(*more: str) -> str:
    return done("copy", "issue", REPAIR, *BY, "--holder", "ding", "--on", "2026-03-02", *more).out


def statuses() -> list[tuple[int, str]]:
    return [(row["copy_number"], row["status"]) for row in done("copy", "list", *FIRM, "--json").json]


def test_copies_are_issued_and_listed(firms: Path) -> None:
    assert "JC/SH-CX-01 A/0 已发放 2 份：分发号 1 丁四、分发号 2 王五" in issue("--outside", "王五@认证机构")
    assert statuses() == [(1, "issued"), (2, "issued")]
    [row] = done("copy", "list", *FIRM, "--holder", "王五", "--json").json
    assert (row["holder_login"], row["department"], row["medium"], row["issued_on"]) == (None, "认证机构", "paper", "2026-03-02")
    assert "待签收" in done("copy", "list", *FIRM, "--document", REPAIR).out
    assert done("copy", "list", *FIRM, "--as-of", "2026-03-01", "--json").json == []
    assert done("copy", "list", *FIRM, "--status", "held", "--json").json == []


def test_everybody_addressed_gets_a_copy(firms: Path) -> None:
    made = done("copy", "issue", REPAIR, *BY, "--recipients", "--json").json
    assert [(row["copy_number"], row["holder_name"]) for row in made] == [(1, "丁四")]


def test_copy_goes_from_hand_to_hand_to_its_end(firms: Path) -> None:
    issue()
    assert "JC/SH-CX-01 A/0 分发号 1（丁四） 已登记签收" in done("copy", "receive", REPAIR, "1", *FIRM, "--by", "ding").out
    assert statuses() == [(1, "held")]
    done("copy", "recall", REPAIR, "1", *BY, "--remark", "调岗")
    assert statuses() == [(1, "recalled")]
    done("copy", "settle", REPAIR, "1", *BY, "--outcome", "destroyed", "--witness", "易二")
    assert statuses() == [(1, "destroyed")]
    assert "没有在外的分发号 1" in refused("copy_not_found", "copy", "recall", REPAIR, "1", *BY)


def test_paper_receipt_is_recorded_with_its_day(firms: Path) -> None:
    issue()
    done("copy", "receive", REPAIR, "1", *BY, "--on", "2026-03-03", "--remark", "签收单第 3 页")
    [row] = done("copy", "list", *FIRM, "--json").json
    assert (row["received_on"], row["notes"]) == ("2026-03-03", ["签收单第 3 页"])


def test_label_says_which_of_several_revisions_is_meant(firms: Path) -> None:
    issue()
    next_revision()
    done("copy", "issue", REPAIR, *BY, "--holder", "ding")
    assert "（A/0、A/1）" in refused("label_missing", "copy", "receive", REPAIR, "1", *FIRM, "--by", "ding")
    done("copy", "receive", REPAIR, "1", *FIRM, "--by", "ding", "--label", "A/1")
    rows = done("copy", "list", *FIRM, "--json").json
    assert [(row["label"], row["status"]) for row in rows] == [("A/0", "issued"), ("A/1", "held")]


def next_revision() -> None:
    """A/1 of the procedure in force, by the steps of its people."""
    done("document", "revise", REPAIR, *FIRM, "--by", "ding", "--reason", "改")
    for step, login in (("submit", "ding"), ("review", "yi"), ("approve", "jia"), ("release", "bing")):
        done("document", step, REPAIR, *FIRM, "--by", login)


def test_register_is_written_as_a_file(firms: Path) -> None:
    issue("--holder", "jia")
    made = done("copy", "register", *FIRM, "--as-of", "2026-03-02").json
    assert (made["title"], made["on"], len(made["copies"])) == ("文件发放回收登记表", "2026-03-02", 2)
    done("copy", "register", *FIRM, "--output", "register.xlsx")
    done("copy", "register", *FIRM, "--output", "register.docx", "--document", REPAIR)
    assert openpyxl.load_workbook("register.xlsx").worksheets[0].max_row == 3 + 2
    assert len(docx.Document("register.docx").tables[0].rows) == 1 + 2
    done("copy", "register", *FIRM, "--output", "register.json")
    assert '"文件发放回收登记表"' in Path("register.json").read_text("utf-8")
    past = done("copy", "register", *FIRM, "--recorded-on", "2026-03-02T00:00:00+08:00").json
    assert past["copies"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("copy", "issue", "JC/SH-CX-77", *BY, "--holder", "ding"), "document_not_found"),
        (("copy", "issue", REPAIR, *BY), "holder_missing"),
        (("copy", "issue", REPAIR, *BY, "--holder", "zz"), "unknown_holder"),
        (("copy", "issue", REPAIR, *BY, "--outside", "王五"), "bad_holder"),
        (("copy", "issue", REPAIR, *BY, "--recipients", "--holder", "ding"), "holders_twice"),
        (("copy", "issue", REPAIR, *BY, "--holder", "ding", "--label", "B/7"), "revision_not_found"),
        (("copy", "issue", REPAIR, *BY, "--holder", "ding", "--on", "gestern"), "bad_date"),
        (("copy", "issue", REPAIR, *FIRM, "--by", "ding", "--holder", "ding"), "not_allowed"),
        (("copy", "receive", REPAIR, "7", *FIRM, "--by", "ding"), "copy_not_found"),
        (("copy", "register", *FIRM, "--format", "exe"), "unknown_format"),
        (("copy", "register", *FIRM, "--format", "xlsx"), "output_missing"),
        (("acknowledgement", "ask", REPAIR, *BY, "--due-on", "2026-01-01"), "bad_due_day"),
        (("acknowledgement", "ask", REPAIR, *BY, "--due-on", SOON, "--login", "zz"), "unknown_person"),
        (("acknowledgement", "confirm", REPAIR, *FIRM, "--by", "ding"), "acknowledgement_not_found"),
        (("acknowledgement", "confirm", REPAIR, *FIRM, "--by", "ding", "--answer", "b"), "bad_answer"),
        (("acknowledgement", "confirm", REPAIR, *FIRM, "--by", "ding", "--answer", "0"), "bad_answer"),
        (("acknowledgement", "list", "--organisation", "ZZ"), "organisation_not_found"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(firms: Path, words: tuple[str, ...], code: str) -> None:
    before = rows_in(firms)
    refused(code, *words)
    assert rows_in(firms) == before


def test_person_confirms_that_he_has_read(firms: Path) -> None:
    asked = done("acknowledgement", "ask", REPAIR, *BY, "--due-on", SOON)
    assert f"已请 1 人在 {SOON} 前阅读 JC/SH-CX-01 A/0：丁四" in asked.out
    [row] = done("acknowledgement", "list", *FIRM, "--missing", "--json").json
    assert (row["login"], row["state"]) == ("ding", "open")
    assert "待确认" in done("acknowledgement", "list", *FIRM, "--document", REPAIR).out
    assert "丁四已确认阅读 JC/SH-CX-01 A/0" in done("acknowledgement", "confirm", REPAIR, *FIRM, "--by", "ding").out
    assert done("acknowledgement", "list", *FIRM, "--missing", "--json").json == []
    [row] = done("acknowledgement", "list", *FIRM, "--login", "ding", "--json").json
    assert row["state"] == "acknowledged"


def test_questions_are_shown_answered_and_counted(firms: Path) -> None:
    with_question(firms)
    done("acknowledgement", "ask", REPAIR, *BY, "--due-on", SOON, "--login", "ding", "--json")
    confirm = ("acknowledgement", "confirm", REPAIR, *FIRM, "--by", "ding")
    shown = command(*confirm)
    assert (shown.exit_code, "answers_missing" in shown.err) == (1, True)
    assert [line.strip() for line in shown.out.splitlines()] == ["1. 几分钟内登记？", "1) 10 分钟", "2) 30 分钟", "3) 2 小时"]
    wrong = command(*confirm, "--answer", "1")
    assert (wrong.exit_code, "1 题中答错 1 题（第 1 次）" in wrong.out) == (1, True)
    done(*confirm, "--answer", "2，3")
    [row] = done("acknowledgement", "list", *FIRM, "--json").json
    assert (row["state"], row["attempts"], row["score"]) == ("acknowledged", 2, 100)


def with_question(home: Path) -> None:
    """One question about the procedure in force; two of its three options are right."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        document = find_document(session, find_organisation(session, "JC").id, REPAIR)
        revision = find_revision(session, document, None, today())
        question = QuestionText("几分钟内登记？", ("10 分钟", "30 分钟", "2 小时"), (1, 2))
        set_questions(session, document, revision, [question], by=SYSTEM, at=revision.created_at)
    engine.dispose()
