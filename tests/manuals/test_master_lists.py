"""受控文件清单, 记录清单, 外来文件清单 and 作废文件清单 of a day, on both clocks, and as files."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import openpyxl
import pypdf
import pytest
from book.pdf_reading import bare
from docx import Document as WordFile
from small_firm import Firm, advance, day, found, give_accounts, moment, template_set
from small_manual import DEPARTMENTS, SET, TEXTS, with_manual
from sqlmodel import Session

from manuals.sources import document, documents, only_grid, rows_of
from service.book.theme import FORMAL
from service.distribution.actions import return_and_retain
from service.distribution.issue import issue
from service.distribution.rows import HeldCopy
from service.distribution.rules import CopyHolder, Medium
from service.documents.actions import draft_next, edit, make_obsolete
from service.documents.external import Finding, NewExternal, add_external, check_external
from service.documents.external_rules import ExternalKind
from service.documents.review_rules import Verdict
from service.documents.reviews import record_review
from service.manuals.list_columns import COLUMNS, TITLES, ListName
from service.manuals.list_queries import external_rows, master_rows, obsolete_rows, record_form_rows
from service.manuals.lists import ControlledList, ListFormat, as_of_words, controlled_list, list_bytes, sheet, table_of
from service.manuals.lists_pages import printed
from service.manuals.queries import load_source
from service.manuals.register_rows import Terms, record_rows
from service.manuals.registers import external_list
from service.settings import settings
from service.standards.rules import ReferenceStatus
from service.standards.shipped import register, standard
from service.text.model import Kind

REPAIR, COMPLAINT, RULES = "维修服务程序", "投诉处理程序", "服务规范"
ON = day(3, 1)


def listed(session: Session, firm: Firm, name: ListName, on: date = ON, known_at: datetime | None = None) -> ControlledList:
    return controlled_list(session, firm.organisation, name, register(), on, known_at)


def file(made: ControlledList, format_: ListFormat) -> bytes:
    return list_bytes(made, format_, FORMAL, settings().fonts)


def revised(session: Session, firm: Firm, title: str, new_title: str, *, released: tuple[int, int], effective_on: date) -> None:
    """The next revision of a document under another title."""
    owner, newest = found(session, firm, title)
    draft = draft_next(session, owner, by=firm.preparer, at=moment(*released), change_summary="改名")
    edit(session, owner, draft, newest.source.replace(f"title: {title}", f"title: {new_title}"), by=firm.preparer, at=moment(*released))
    advance(session, firm, new_title, at=moment(*released), effective_on=effective_on)


def ended(session: Session, firm: Firm, title: str, on: date, *, told: tuple[int, int], reason: str = "不再使用") -> None:
    owner, revision = found(session, firm, title)
    make_obsolete(session, owner, revision, on=on, by=firm.controller, at=moment(*told), reason=reason)


def test_master_list_has_what_is_in_force_but_the_record_forms(undone: Session) -> None:
    firm = with_manual(undone)
    assert master_rows(undone, firm.organisation, day(1, 31)) == []
    rows = master_rows(undone, firm.organisation, day(2, 1))
    assert [row.number for row in rows] == [f"JC/SH-SC-{n:02}" for n in range(1, 10)] + ["JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01"]
    row = rows[9]
    assert (row.title, row.kind, row.label, row.department) == (REPAIR, "程序文件", "A/0", "服务部")
    assert (row.released_on, row.effective_on, row.state) == (day(1, 20), day(2, 1), "现行有效")
    assert row.next_review_on == date(2027, 2, 1)


def test_master_list_says_what_is_known_to_follow(undone: Session) -> None:
    firm = with_manual(undone)
    revised(undone, firm, RULES, "新服务规范", released=(3, 1), effective_on=day(4, 1))
    ended(undone, firm, COMPLAINT, day(5, 1), told=(3, 2))
    states = {row.title: row.state for row in master_rows(undone, firm.organisation, day(3, 15))}
    assert states[RULES] == "现行有效（A/1 自 2026-04-01 起实施）"
    assert states[COMPLAINT] == "现行有效（2026-05-01 起作废）"
    before = {row.state for row in master_rows(undone, firm.organisation, day(3, 15), moment(2, 28))}
    assert before == {"现行有效"}


def test_titles_and_labels_are_those_of_the_day_and_of_what_was_known(undone: Session) -> None:
    firm = with_manual(undone)
    revised(undone, firm, RULES, "新服务规范", released=(3, 1), effective_on=day(3, 1))

    def named(on: date, known_at: datetime | None = None) -> tuple[str, str]:
        row = master_rows(undone, firm.organisation, on, known_at)[-1]
        return row.title, row.label

    assert named(day(2, 28)) == (RULES, "A/0")
    assert named(day(3, 1)) == ("新服务规范", "A/1")
    assert named(day(3, 1), moment(2, 28)) == (RULES, "A/0")


def test_review_shows_in_the_master_list_from_its_day_and_once_known(undone: Session) -> None:
    firm = with_manual(undone)
    owner, _ = found(undone, firm, RULES)
    record_review(undone, firm.organisation, owner, Verdict.KEEP, reviewed_on=day(3, 31), by=firm.reviewer, at=moment(6, 1))

    def due(on: date, known_at: datetime | None = None) -> date | None:
        return master_rows(undone, firm.organisation, on, known_at)[-1].next_review_on

    assert [due(day(3, 30)), due(day(3, 31)), due(day(4, 1), moment(5, 31))] == [date(2027, 2, 1), date(2027, 3, 31), date(2027, 2, 1)]


def test_record_list_tells_who_keeps_a_record_how_long_and_what_names_it(undone: Session) -> None:
    firm = with_manual(undone)
    rows = record_form_rows(undone, firm.organisation, ON)
    assert [(row.number, row.title, row.retention, row.keeper, row.named_by) for row in rows] == [
        ("JC/SH-JL-01", "报修单", "3 年", "服务部", ("JC/SH-CX-01",)),
        ("JC/SH-JL-02", "上门服务记录", "3 年", "服务部", ("JC/SH-CX-01", "JC/SH-CX-02")),
    ]
    assert record_form_rows(undone, firm.organisation, ON, moment(1, 19)) == []


def test_texts_are_named_by_all_of_their_numbers_but_the_company(undone: Session) -> None:
    firm = with_manual(undone, "JC", SET, ("{company}/SH-{kind}-{serial:02}", "{company}/{kind}/{serial:02}"))
    made = listed(undone, firm, ListName.RECORDS)
    [column] = [each for each in COLUMNS[ListName.RECORDS] if each.numbers]
    _, rows = table_of(made)
    shown = [row[-1] for row in rows]
    assert shown == ["CX/01", "CX/01、CX/02"]
    assert [printed(made.code, column, row) for row in made.rows] == shown
    assert [row[-1] for row in sheet(made).rows] == shown


_RECORDS = """\
---
key: {key}
title: 程序{key}
kind: procedure
department: service
records: [order-form]
---
## 目的
甲。
## 范围
甲。
## 职责
甲。
## 程序及要求
按《报修单》。
## 相关文件
无。
## 相关记录
{table}
"""


def terms(*tables: str, years: int | None = None) -> Terms:
    """What the record list says of 报修单 if these tables stand in 相关记录 of texts."""
    texts = [_RECORDS.format(key=f"p{n}", table=table) for n, table in enumerate(tables)]
    form = document(TEXTS[12], retention_years=years)
    assert form.kind is Kind.RECORD_FORM
    [row] = record_rows((*documents(*texts), form))
    return row.terms


HEAD = "| 记录 | 保存期限 | 保存部门 | 介质 |\n|---|---|---|---|\n"


@pytest.mark.parametrize(
    ("tables", "years", "told"),
    [
        (("《报修单》",), None, Terms()),
        ((f"{HEAD}| 《报修单》 | 长期 | 档案室 | 纸质 |",), None, Terms("长期", "档案室", "纸质")),
        ((f"{HEAD}| 《报修单》 | 长期 | 档案室 | 纸质 |",), 3, Terms("3 年", "档案室", "纸质")),
        ((f"{HEAD}| 《上门服务记录》 | 长期 | 档案室 | 纸质 |",), None, Terms()),
        ((f"{HEAD}| 《甲》 | 长期 | 档案室 | 纸质 |\n| 《报修单》 | ^^ | ^^ | 电子 |",), None, Terms("长期", "档案室", "电子")),
        (
            (f"{HEAD}| 《报修单》 | 2 年 | 服务部 | 纸质 |", f"{HEAD}| 《报修单》 | 5 年 | 服务部 | 电子 |"),
            None,
            Terms("2 年；5 年", "服务部", "纸质；电子"),
        ),
        (("| 名称 | 年限 |\n|---|---|\n| 《报修单》 | 三年 |",), None, Terms("三年")),
    ],
)
def test_terms_of_a_record_are_its_own_or_what_the_texts_say(tables: tuple[str, ...], years: int | None, told: Terms) -> None:
    assert terms(*tables, years=years) == told


def test_form_that_a_text_names_only_in_its_last_section_is_that_texts_record() -> None:
    text = _RECORDS.format(key="p", table="《报修单》").replace("records: [order-form]\n", "")
    [row] = record_rows((*documents(text), document(TEXTS[12])))
    assert row.named_by == ("JC/SH-CX-01",)


def test_manual_prints_the_organisations_own_entries_of_external_documents(undone: Session) -> None:
    firm = with_manual(undone)
    new = NewExternal("GB/T 19012-2019", "投诉处理指南", ExternalKind.STANDARD)
    row = add_external(undone, firm.organisation, new, by=firm.controller, at=moment(3, 1))

    def printed(on: date) -> list[str]:
        source = load_source(undone, firm.organisation, standard(), register(), on=on)
        return next(cells for cells in rows_of(only_grid(external_list(source))) if cells[1] == "GB/T 19012-2019")

    assert printed(day(2, 28))[6] != "未核对"
    assert (printed(ON)[2], printed(ON)[5:]) == ("投诉处理指南", ["不明", "未核对"])
    finding = Finding(ReferenceStatus.IN_FORCE, day(4, 1), "全国标准信息公共服务平台")
    check_external(undone, firm.organisation, row, finding, by=firm.controller, at=moment(4, 1))
    assert printed(day(4, 1))[5:] == ["现行", "2026-04-01"]


def test_external_list_has_what_texts_cite_and_what_is_registered(undone: Session) -> None:
    firm = with_manual(undone)
    new = NewExternal("Q/JC 5-2026", "某厂家维修手册", ExternalKind.OTHER, keeper="service", note="随机附送")
    row = add_external(undone, firm.organisation, new, by=firm.controller, at=moment(3, 1))
    finding = Finding(ReferenceStatus.IN_FORCE, day(3, 1), "厂家网站", "第 2 版")
    check_external(undone, firm.organisation, row, finding, by=firm.controller, at=moment(3, 1))
    rows = external_rows(undone, firm.organisation, register(), ON)
    assert [(row.number, row.kind, row.registered, row.cited_by) for row in rows] == [
        ("产品质量法", "法律法规", False, ("JC/SH-CX-01",)),
        ("GB/T 19012-2019", "标准", False, ("JC/SH-CX-02",)),
        ("GB/T 27922-2011", "标准", False, ("JC/SH-SC-01",)),
        ("Q/JC 5-2026", "其他", True, ()),
    ]
    own = rows[-1]
    assert (own.edition, own.status, own.checked_on, own.checked_where, own.checked_by) == (
        "第 2 版",
        "现行",
        day(3, 1),
        "厂家网站",
        "邴三",
    )
    assert (own.keeper, own.note) == ("服务部", "随机附送")


def test_cited_document_that_is_registered_and_unchecked_says_so(undone: Session) -> None:
    firm = with_manual(undone)
    add_external(
        undone,
        firm.organisation,
        NewExternal("GB/T 19012-2019", "投诉处理指南", ExternalKind.STANDARD),
        by=firm.controller,
        at=moment(3, 1),
    )
    found_ = {row.number: row for row in external_rows(undone, firm.organisation, register(), ON)}
    assert (found_["GB/T 19012-2019"].title, found_["GB/T 19012-2019"].cited_by) == ("投诉处理指南", ("JC/SH-CX-02",))
    heads, rows = table_of(listed(undone, firm, ListName.EXTERNAL))
    checked = {row[heads.index("文号或编号")]: row[heads.index("核对日期")] for row in rows}
    assert checked["GB/T 19012-2019"] == "未核对"
    assert rows != table_of(listed(undone, firm, ListName.EXTERNAL, known_at=moment(2, 28)))[1]


def test_obsolete_list_has_ended_documents_and_replaced_revisions_with_their_reasons(undone: Session) -> None:
    firm = with_manual(undone)
    revised(undone, firm, RULES, "新服务规范", released=(3, 1), effective_on=day(4, 1))
    ended(undone, firm, COMPLAINT, day(5, 1), told=(6, 1), reason="并入维修服务程序")

    def told(on: date, known_at: datetime | None = None) -> list[tuple[str, str, date, str]]:
        return [(r.title, r.label, r.obsolete_on, r.reason) for r in obsolete_rows(undone, firm.organisation, on, known_at)]

    replaced = (RULES, "A/0", day(4, 1), "由 A/1 代替：改名")
    assert [told(on) for on in (day(3, 31), day(4, 30))] == [[], [replaced]]
    assert told(day(5, 1)) == [replaced, (COMPLAINT, "A/0", day(5, 1), "并入维修服务程序")]
    assert told(day(5, 1), moment(5, 31)) == [replaced]


def test_obsolete_list_names_the_copies_that_are_retained(undone: Session) -> None:
    firm = with_manual(undone)
    give_accounts(undone, firm.organisation)
    owner, revision = found(undone, firm, RULES)
    [copy, _] = issue(
        undone,
        firm.organisation,
        owner,
        revision,
        [CopyHolder(login="bing"), CopyHolder(login="ding")],
        medium=Medium.PAPER,
        by=firm.controller,
        at=moment(2, 2),
    )
    ended(undone, firm, RULES, day(3, 1), told=(3, 1))
    return_and_retain(undone, firm.organisation, HeldCopy(copy, owner, revision), by=firm.controller, at=moment(3, 2), remark="留样")
    [row] = obsolete_rows(undone, firm.organisation, day(3, 2))
    assert row.retained == (f"{copy.copy_number} 号（邴三）",)
    assert obsolete_rows(undone, firm.organisation, day(3, 1))[0].retained == ()


def test_lists_of_one_organisation_hold_nothing_of_another(undone: Session) -> None:
    mine, other = with_manual(undone, "JC"), with_manual(undone, "YI")
    ended(undone, other, RULES, day(2, 15), told=(2, 15))
    add_external(undone, other.organisation, NewExternal("Q/YI 1", "乙的文件", ExternalKind.OTHER), by=other.controller, at=moment(2, 15))
    for name in ListName:
        made = listed(undone, mine, name)
        assert "YI" not in json.dumps([str(row) for row in made.rows], ensure_ascii=False)
    assert listed(undone, mine, ListName.OBSOLETE).rows == ()


def words_of(data: bytes, format_: ListFormat) -> str:
    if format_ is ListFormat.XLSX:
        page = openpyxl.load_workbook(io.BytesIO(data)).active
        return "\n".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None)
    if format_ is ListFormat.DOCX:
        opened = WordFile(io.BytesIO(data))
        return "\n".join([*(p.text for p in opened.paragraphs), *(c.text for t in opened.tables for r in t.rows for c in r.cells)])
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("format_", [ListFormat.XLSX, ListFormat.DOCX, ListFormat.PDF])
@pytest.mark.parametrize("name", list(ListName))
def test_file_says_whose_list_it_is_of_which_day_and_every_row(undone: Session, name: ListName, format_: ListFormat) -> None:
    firm = with_manual(undone)
    revised(undone, firm, RULES, "新服务规范", released=(2, 10), effective_on=day(2, 20))
    made = listed(undone, firm, name, known_at=moment(2, 28))
    data = file(made, format_)
    words = bare(words_of(data, format_))
    assert made.rows
    for said in ("示范甲公司", TITLES[name], "2026年3月1日（按系统 2026-02-28 10:00 的记录）", *(row.number for row in made.rows)):
        assert bare(said) in words, said
    assert file(made, format_) == data


@pytest.mark.parametrize("name", list(ListName))
def test_json_has_the_rows_with_their_fields(undone: Session, name: ListName) -> None:
    firm = with_manual(undone)
    made = listed(undone, firm, name)
    found_ = json.loads(file(made, ListFormat.JSON))
    assert {key: found_[key] for key in ("list", "title", "organisation", "as_of", "recorded_on")} == {
        "list": name.value,
        "title": TITLES[name],
        "organisation": "示范甲公司",
        "as_of": "2026-03-01",
        "recorded_on": None,
    }
    assert [row["number"] for row in found_["items"]] == [row.number for row in made.rows]


def test_list_without_rows_says_that_there_are_none(undone: Session) -> None:
    firm = with_manual(undone)
    made = listed(undone, firm, ListName.OBSOLETE)
    assert as_of_words(made) == "截至 2026年3月1日，共 0 项"
    table = WordFile(io.BytesIO(file(made, ListFormat.DOCX))).tables[0]
    assert table.rows[1].cells[0].text == "无"
    assert openpyxl.load_workbook(io.BytesIO(file(made, ListFormat.XLSX))).active.max_row == 3


def test_sheet_prints_its_head_on_every_page_and_keeps_days_as_days(undone: Session) -> None:
    firm = with_manual(undone)
    page = openpyxl.load_workbook(io.BytesIO(file(listed(undone, firm, ListName.DOCUMENTS), ListFormat.XLSX))).active
    assert (page.print_title_rows, page.freeze_panes, page.page_setup.orientation) == ("$3:$3", "A4", "landscape")
    heads = [cell.value for cell in page[3]]
    assert heads == ["序号", *(column.head for column in COLUMNS[ListName.DOCUMENTS])]
    assert page.cell(4, heads.index("实施日期") + 1).value == datetime(2026, 2, 1)
    assert [row[0].value for row in page.iter_rows(min_row=4)] == list(range(1, 13))


def test_word_file_is_landscape_with_page_numbers_and_a_head_that_repeats(undone: Session) -> None:
    firm = with_manual(undone)
    opened = WordFile(io.BytesIO(file(listed(undone, firm, ListName.RECORDS), ListFormat.DOCX)))
    [section] = opened.sections
    assert (section.page_width or 0) > (section.page_height or 0)
    assert "页" in "".join(p.text for p in section.footer.paragraphs)
    assert opened.tables[0].rows[0]._tr.xpath("./w:trPr/w:tblHeader")


def test_column_that_nobody_fills_is_left_out(undone: Session) -> None:
    firm = with_manual(undone)
    assert "保存介质" not in table_of(listed(undone, firm, ListName.RECORDS))[0]
    told = [text.replace("| 保存部门 |", "| 保存部门 | 介质 |").replace("|---|---|---|", "|---|---|---|---|") for text in TEXTS]
    told = [text.replace("{{ departments.service }} |\n", "{{ departments.service }} | 纸质 |\n") for text in told]
    told = [text.replace("| 岗位 | 职责 |\n|---|---|---|---|", "| 岗位 | 职责 |\n|---|---|") for text in told]
    firm = with_manual(undone, "JD", template_set(*told, departments=DEPARTMENTS))
    heads, rows = table_of(listed(undone, firm, ListName.RECORDS))
    assert {row[heads.index("保存介质")] for row in rows} == {"纸质"}


HOSTILE = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "甲&amp;乙]]>", '#import "x"; $x$ *b* _i_ @ref', "{{ 7*7 }}"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_printed_as_they_are_and_do_nothing(undone: Session, words: str) -> None:
    firm = with_manual(undone)
    new = NewExternal("Q/JC 5-2026", words, ExternalKind.OTHER, note=words)
    add_external(undone, firm.organisation, new, by=firm.controller, at=moment(3, 1))
    made = listed(undone, firm, ListName.EXTERNAL)
    page = openpyxl.load_workbook(io.BytesIO(file(made, ListFormat.XLSX))).active
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == words]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert words in words_of(file(made, ListFormat.DOCX), ListFormat.DOCX)
    assert file(made, ListFormat.PDF).startswith(b"%PDF")
    assert json.loads(file(made, ListFormat.JSON))["items"][-1]["title"] == words
