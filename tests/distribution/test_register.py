"""文件发放回收登记表 of any day, by what was recorded at any moment, as data and as files that open."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from small_firm import COMPLAINT, REPAIR, advance, day, found, moment
from sqlmodel import Session

from distribution.staff import IN_FORCE, NEXT, Staff, held, in_force, issued, revised
from service.distribution.actions import recall, receive, return_and_destroy
from service.distribution.issue import issue
from service.distribution.register import COLUMNS, FORMATS, TITLE, Register, as_json, as_of_words, register_on
from service.distribution.rules import CopyHolder, Medium
from service.distribution.tasks import due

HEADS = ["序号", *(column.head for column in COLUMNS)]


@pytest.fixture
def staff(undone: Session) -> Staff:
    """丁四's paper copy: handed out on 3 February (recorded on the 5th), received on the 4th (recorded on the 9th), due on 1 April,
    back on 2 April (recorded on the 3rd), destroyed on 6 April (recorded on the 7th). 吴五 holds an electronic copy of A/1, 王五 a paper one."""
    staff = in_force(undone)
    owner, by = staff.organisation, staff.controller
    copy = issued(undone, staff, "ding", at=moment(2, 5), on=day(2, 3))[0]
    receive(undone, owner, held(undone, copy), by=by, at=moment(2, 9), on=day(2, 4), remark="签收单第 3 页")
    revised(undone, staff)
    due(undone, owner, at=NEXT)
    recall(undone, owner, held(undone, copy), by=by, at=moment(4, 3), on=day(4, 2))
    return_and_destroy(undone, owner, held(undone, copy), witness="易二", by=by, at=moment(4, 7), on=day(4, 6))
    issued(undone, staff, "wu", medium=Medium.ELECTRONIC, at=moment(4, 8))
    outsider = CopyHolder(name="=王五", department="认证机构")
    document, revision = found(undone, staff.firm, REPAIR)
    issue(undone, owner, document, revision, [outsider], medium=Medium.PAPER, by=by, at=moment(4, 8), remark="审核用")
    return staff


def line_of(session: Session, staff: Staff, on: date, recorded_on: datetime | None = None) -> list[str]:
    """The first line of the register as words: received, recalled, outcome; empty before the copy was issued."""
    rows = register_on(session, staff.organisation, on, recorded_on).rows
    values = {column.head: column.value(rows[0]) for column in COLUMNS} if rows else {}
    return [str(values[head] or "") for head in ("签收日期", "回收日期", "处置")] if values else []


BY_DAY: dict[tuple[int, int], list[str]] = {
    (2, 2): [],
    (2, 3): ["", "", ""],
    (2, 4): ["2026-02-04", "", ""],
    (3, 31): ["2026-02-04", "", ""],
    (4, 1): ["2026-02-04", "", "应自 2026-04-01 起收回"],
    (4, 2): ["2026-02-04", "2026-04-02", "待处置"],
    (4, 6): ["2026-02-04", "2026-04-02", "2026-04-06 销毁\n见证人：易二"],
}


@pytest.mark.parametrize("on", BY_DAY)
def test_register_of_a_day_shows_what_had_happened_by_then(undone: Session, staff: Staff, on: tuple[int, int]) -> None:
    assert line_of(undone, staff, day(*on)) == BY_DAY[on]


BY_MOMENT: dict[tuple[int, int], list[str]] = {
    (2, 4): [],
    (2, 5): ["", "", ""],
    (2, 8): ["", "", ""],
    (2, 9): ["2026-02-04", "", ""],
    (4, 1): ["2026-02-04", "", "应自 2026-04-01 起收回"],
    (4, 2): ["2026-02-04", "", "应自 2026-04-01 起收回"],
    (4, 3): ["2026-02-04", "2026-04-02", "待处置"],
    (4, 7): ["2026-02-04", "2026-04-02", "2026-04-06 销毁\n见证人：易二"],
}


@pytest.mark.parametrize("recorded", BY_MOMENT)
def test_second_clock_shows_what_had_been_recorded_by_then(undone: Session, staff: Staff, recorded: tuple[int, int]) -> None:
    assert line_of(undone, staff, day(4, 30), moment(*recorded)) == BY_MOMENT[recorded]


def test_both_clocks_together_show_back_dating(undone: Session, staff: Staff) -> None:
    assert line_of(undone, staff, day(2, 4)) == ["2026-02-04", "", ""]
    assert line_of(undone, staff, day(2, 4), moment(2, 8)) == ["", "", ""]


def test_register_is_in_the_order_of_documents_revisions_and_numbers(undone: Session, staff: Staff) -> None:
    advance(undone, staff.firm, COMPLAINT, at=IN_FORCE)
    document, revision = found(undone, staff.firm, COMPLAINT)
    issue(undone, staff.organisation, document, revision, [CopyHolder("ji")], medium=Medium.PAPER, by=staff.controller, at=moment(2, 2))
    rows = register_on(undone, staff.organisation, day(4, 30)).rows
    assert [(row.document, row.label, row.copy_number, row.holder_name) for row in rows] == [
        ("JC/SH-CX-01", "A/0", 1, "丁四"),
        ("JC/SH-CX-01", "A/1", 2, "吴五"),
        ("JC/SH-CX-01", "A/1", 3, "=王五"),
        ("JC/SH-CX-02", "A/0", 1, "纪六"),
    ]
    only = register_on(undone, staff.organisation, day(4, 30), document=document)
    assert [row.holder_name for row in only.rows] == ["纪六"]


def test_register_holds_nothing_of_another_organisation(undone: Session, staff: Staff) -> None:
    other = in_force(undone, "TWO")
    assert register_on(undone, other.organisation, day(4, 30)).rows == ()


def register_of(session: Session, staff: Staff, recorded_on: datetime | None = None) -> Register:
    return register_on(session, staff.organisation, day(4, 30), recorded_on)


def test_register_as_json(undone: Session, staff: Staff) -> None:
    made = json.loads(json.dumps(as_json(register_of(undone, staff)), default=str))
    assert {key: made[key] for key in ("title", "organisation", "on", "recorded_on")} == {
        "title": TITLE,
        "organisation": "示范甲公司",
        "on": "2026-04-30",
        "recorded_on": None,
    }
    first = made["copies"][0]
    first.pop("id")
    assert first == {
        "document": "JC/SH-CX-01",
        "title": REPAIR,
        "label": "A/0",
        "copy_number": 1,
        "holder_login": "ding",
        "holder_name": "丁四",
        "department": "服务部",
        "medium": "paper",
        "status": "destroyed",
        "issued_on": "2026-02-03",
        "received_on": "2026-02-04",
        "recall_due_on": "2026-04-01",
        "recalled_on": "2026-04-02",
        "outcome": "destroyed",
        "settled_on": "2026-04-06",
        "witness": "易二",
        "notes": ["签收单第 3 页"],
    }


def test_register_as_a_json_file_is_readable_utf8(undone: Session, staff: Staff) -> None:
    data = FORMATS["json"](register_of(undone, staff))
    assert json.loads(data)["copies"][2]["holder_name"] == "=王五"
    assert "王五" in data.decode()


def test_register_says_of_which_day_and_moment_it_is(undone: Session, staff: Staff) -> None:
    assert as_of_words(register_of(undone, staff)) == "截至 2026年4月30日，共 3 份"
    assert as_of_words(register_of(undone, staff, moment(2, 6))) == "截至 2026年4月30日（按系统 2026-02-06 10:00 的记录），共 1 份"


def test_spreadsheet_opens_with_company_day_and_a_row_per_copy(undone: Session, staff: Staff) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](register_of(undone, staff))))
    (sheet,) = book.worksheets
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert (rows[0][0], rows[1][0]) == (TITLE, "示范甲公司    截至 2026年4月30日，共 3 份")
    assert rows[2] == HEADS
    assert rows[3][:8] == [1, "JC/SH-CX-01", REPAIR, "A/0", "01", "丁四", "服务部", "纸质"]
    assert [value.date() if isinstance(value, datetime) else value for value in rows[3][8:11]] == [day(2, 3), day(2, 4), day(4, 2)]
    assert rows[3][11:] == ["2026-04-06 销毁\n见证人：易二", "签收单第 3 页"]
    assert rows[4][6:11] == ["维修组", "电子", datetime(2026, 4, 8), None, None]  # as openpyxl reads a day
    assert (rows[5][5], rows[5][12]) == ("=王五", "审核用")
    assert sheet.cell(6, 6).data_type == "s"  # a name that begins like a formula is none
    assert sheet.page_setup.orientation == "landscape"


def test_word_file_opens_landscape_with_page_header_and_a_row_per_copy(undone: Session, staff: Staff) -> None:
    made = docx.Document(io.BytesIO(FORMATS["docx"](register_of(undone, staff))))
    (section,) = made.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    header = "".join(paragraph.text for paragraph in section.header.paragraphs)
    assert f"示范甲公司  {TITLE}" in header
    assert "截至 2026年4月30日" in header
    words = [paragraph.text for paragraph in made.paragraphs]
    assert words[:2] == [TITLE, "示范甲公司　　截至 2026年4月30日，共 3 份"]
    (table,) = made.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == HEADS
    assert cells[1] == [
        "1",
        "JC/SH-CX-01",
        REPAIR,
        "A/0",
        "01",
        "丁四",
        "服务部",
        "纸质",
        "2026-02-03",
        "2026-02-04",
        "2026-04-02",
        "2026-04-06 销毁\n见证人：易二",
        "签收单第 3 页",
    ]
    assert len(cells) == 4


def test_register_without_copies_says_so(undone: Session) -> None:
    empty = register_on(undone, in_force(undone).organisation, day(3, 1))
    (table,) = docx.Document(io.BytesIO(FORMATS["docx"](empty))).tables
    assert [cell.text for cell in table.rows[1].cells] == ["无"] * len(HEADS)
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](empty)))
    assert book.worksheets[0].max_row == 3


@pytest.mark.parametrize("name", list(FORMATS))
def test_same_register_gives_the_same_bytes(undone: Session, staff: Staff, name: str) -> None:
    assert FORMATS[name](register_of(undone, staff)) == FORMATS[name](register_of(undone, staff))
