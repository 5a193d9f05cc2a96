"""The printed forms: what they say, that nothing typed is lost, and that both formats open."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import docx
import pytest
from pypdf import PdfReader
from small_firm import Firm, day, found, moment
from sqlmodel import Session

from changes.asking import (
    ADDED,
    COMPLAINT,
    ENDED,
    FASTER,
    REASON,
    RENEWED,
    REPAIR,
    RULES,
    approved,
    asked,
    reject,
    released,
    rewritten,
    submitted,
)
from service.approvals.actions import obsolete
from service.book.model import Book, Grid, Heading, Para, Span
from service.changes.export import file_name, form_book, rendered
from service.changes.forms_layout import CHUNK, chunks
from service.changes.models import ChangeRequest
from service.changes.rules import ChangeForm, FileFormat
from service.distribution.actions import recall
from service.distribution.issue import issue
from service.distribution.queries import copies_out, find_copy
from service.distribution.rules import CopyHolder, Medium
from service.documents.queries import in_force
from service.documents.recipients import Addressees, set_recipients
from service.errors import Refused
from service.settings import settings

SHORTER = ("5 个工作日", "3 个工作日")


def form(session: Session, firm: Firm, request: ChangeRequest, what: ChangeForm = ChangeForm.FORM, month: int = 4) -> Book:
    return form_book(session, firm.organisation, request, what, day(month, 1))


def rows(book: Book) -> list[list[str]]:
    """Every row of every table, its cells as words."""
    grids = (block for part in book.parts for block in part.blocks if isinstance(block, Grid))
    return [
        ["\n".join("".join(each.text for each in line if isinstance(each, Span)) for line in cell.content) for cell in row]
        for grid in grids
        for row in grid.rows
    ]


def words(book: Book) -> str:
    """Everything a book says."""
    return "\n".join([*(line for part in book.parts for line in _lines(part.blocks)), *("\t".join(row) for row in rows(book))])


def _lines(blocks: tuple[object, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Para):
            yield "".join(each.text for each in block.content if isinstance(each, Span))
        elif isinstance(block, Grid):
            yield block.caption


def bare(text: str) -> str:
    return "".join(text.split())


def pdf_words(data: bytes) -> str:
    return bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def docx_words(data: bytes) -> str:
    opened = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return bare("".join([*(paragraph.text for paragraph in opened.paragraphs), *cells]))


def out_of_hand(session: Session, firm: Firm, title: str = "投诉处理程序") -> None:
    """Two controlled copies of the revision in force."""
    revision = next(pair.revision for pair in in_force(session, firm.organisation.id, day(3, 1)) if pair.revision.title == title)
    document, _ = found(session, firm, title)
    holders = [CopyHolder(login="ding"), CopyHolder(name="王五", department="外协维修站")]
    issue(session, firm.organisation, document, revision, holders, medium=Medium.PAPER, by=firm.controller, at=moment(2, 10))


def test_application_says_who_what_why_and_where(undone: Session, firm: Firm) -> None:
    book = form(undone, firm, asked(undone, firm, FASTER, RENEWED, ENDED, ADDED))
    found_rows = rows(book)
    assert ["申请人", "丁四", "岗位", "服务部经理", "申请日期", "2026年3月1日"] in found_rows
    assert ["更改原因", REASON] in found_rows
    assert ["1", COMPLAINT, "投诉处理程序", "A/0", "修改", "4.1 处理"] in found_rows
    assert ["内容", FASTER.proposed] in found_rows
    assert ["2", REPAIR, "维修服务程序", "A/0", "换版", "4.1 受理"] in found_rows
    assert ["3", RULES, "服务规范", "A/0", "作废", "全文"] in found_rows
    assert ["4", "（批准后编号）", "备件管理程序（程序文件）", "—", "新增", "—"] in found_rows
    assert "编号：GG-2026-001    状态：填写中" in words(book)
    assert "影响分析" not in words(book)
    assert "审批结论" not in words(book)


def test_application_shows_the_impact_once_it_is_submitted(undone: Session, firm: Firm) -> None:
    found_rows = rows(form(undone, firm, submitted(undone, firm, FASTER, RENEWED)))
    assert [COMPLAINT, "引用本文件", f"{REPAIR}《维修服务程序》", "第 4.2、5 条"] in found_rows
    assert [COMPLAINT, "记录表单", "JC/SH-JL-02《上门服务记录》", f"{REPAIR} 也使用"] in found_rows
    assert [COMPLAINT, "评价指标", "5.3.2.2 投诉反馈与解决", "第 4.1 条，要素 1、2；只有本次更改的文件对应此指标"] in found_rows
    assert [REPAIR, "相同目标值", "JC/SH-SC-05《服务目标》", "返修率 ≤ 1 %（第 1 条）"] in found_rows


def test_application_shows_the_decision_with_name_post_date_and_seal(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, ENDED)
    found_rows = rows(form(undone, firm, request))
    assert ["审批结论", "同意更改"] in found_rows
    assert ["审批意见", "同意"] in found_rows
    assert ["批准人", "贾一", "岗位", "总经理", "审批日期", "2026年3月3日"] in found_rows
    assert ["审批印记", request.seal] in found_rows
    assert [COMPLAINT, "投诉处理程序", "A/0", "A/1", "编制中", "—"] in found_rows
    assert [RULES, "服务规范", "A/0", "—", "待作废", "—"] in found_rows


def test_rejected_application_shows_the_reason_and_no_result(undone: Session, firm: Firm) -> None:
    book = form(undone, firm, reject(undone, firm, submitted(undone, firm)))
    assert ["审批结论", "不同意更改"] in rows(book)
    assert ["审批意见", "理由不充分"] in rows(book)
    assert "办理情况" not in words(book)


def test_application_shows_what_has_come_of_it(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, ENDED)
    released(undone, firm, "投诉处理程序", SHORTER)
    obsolete(undone, *found(undone, firm, "服务规范"), on=day(3, 20), by=firm.controller, at=moment(3, 15), reason="并入程序")
    book = form(undone, firm, request)
    assert [COMPLAINT, "投诉处理程序", "A/0", "A/1", "现行有效", "2026年3月20日"] in rows(book)
    assert [RULES, "服务规范", "A/0", "—", "已作废", "2026年3月20日"] in rows(book)
    assert "状态：已完成" in words(book)


def test_decision_that_was_tampered_with_is_not_printed(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序", SHORTER)
    request.comment = "不同意"
    undone.flush()
    for what in (ChangeForm.FORM, ChangeForm.NOTICE):
        with pytest.raises(Refused, match="不能打印") as caught:
            form(undone, firm, request, what)
        assert caught.value.code == "seal_broken"


def test_notice_names_old_and_new_label_and_the_day(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, RENEWED, ENDED)
    released(undone, firm, "投诉处理程序", SHORTER)
    obsolete(undone, *found(undone, firm, "服务规范"), on=day(3, 25), by=firm.controller, at=moment(3, 15), reason="并入程序")
    book = form(undone, firm, request, ChangeForm.NOTICE)
    assert ["1", COMPLAINT, "投诉处理程序", "修改", "A/0", "A/1", "2026年3月20日"] in rows(book)
    assert ["2", RULES, "服务规范", "作废", "A/0", "—", "2026年3月25日"] in rows(book)
    assert f"本申请中的 {REPAIR} 尚未发布" in words(book)
    assert "申请单编号：GG-2026-001" in words(book)
    assert "批准：总经理 贾一" in words(book)


def test_notice_names_the_old_copies_that_are_out(undone: Session, firm: Firm) -> None:
    out_of_hand(undone, firm)
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序", SHORTER)
    book = form(undone, firm, request, ChangeForm.NOTICE)
    assert "下列旧版受控本共 2 份，请持有人交回文控员" in words(book)
    held = [row for row in rows(book) if row[0] == COMPLAINT and len(row) == 7]
    assert [row[1:6] for row in held] == [["A/0", "01", "丁四", "服务部", "纸质"], ["A/0", "02", "王五", "外协维修站", "纸质"]]


def test_notice_says_so_when_no_old_copy_is_out(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序", SHORTER)
    assert "没有在外的旧版受控本" in words(form(undone, firm, request, ChangeForm.NOTICE))


def test_notice_is_addressed_to_those_the_documents_are_for(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, RENEWED)
    for title in ("投诉处理程序", "维修服务程序"):
        released(undone, firm, title)
    wanted = Addressees(departments=("management",), posts=("service_manager",))
    set_recipients(undone, firm.organisation, found(undone, firm, "投诉处理程序")[0], wanted, by=firm.controller, at=moment(3, 5))
    book = form(undone, firm, request, ChangeForm.NOTICE)
    assert [COMPLAINT, "投诉处理程序", "公司管理层、服务部经理"] in rows(book)
    assert [REPAIR, "维修服务程序", "服务部"] in rows(book)


def test_there_is_no_notice_before_anything_is_released(undone: Session, firm: Firm) -> None:
    for request in (submitted(undone, firm, ENDED), approved(undone, firm)):
        with pytest.raises(Refused, match="都还没有发布"):
            form(undone, firm, request, ChangeForm.NOTICE)


def test_change_page_shows_each_changed_clause_before_and_after(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序", SHORTER, ("## 相关文件", "### 回访 {#visit}\n办结后三日内回访。\n## 相关文件"))
    book = form(undone, firm, request, ChangeForm.CHANGE_PAGES)
    before, after = (f"投诉在 {days} 个工作日内办结，上门的填写《上门服务记录》。" for days in (5, 3))
    assert ["1", "4.1 处理", "修改", before, after] in rows(book)
    assert ["2", "4.2 回访", "新增", "—", "办结后三日内回访。"] in rows(book)
    assert ["版本/修订", "A/0 → A/1", "实施日期", "2026年3月20日", "申请单", "GG-2026-001"] in rows(book)
    assert [
        "编制",
        "丁四\n服务部经理\n2026年3月8日",
        "审核",
        "易二\n管理者代表\n2026年3月8日",
        "批准",
        "贾一\n总经理\n2026年3月8日",
    ] in rows(book)


def test_each_document_has_a_change_page_of_its_own(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, replace(FASTER, section="1"), RENEWED, ADDED)
    released(undone, firm, "投诉处理程序", SHORTER)
    released(undone, firm, "维修服务程序", ("30 分钟", "20 分钟"))
    book = form(undone, firm, request, ChangeForm.CHANGE_PAGES)
    assert [part.head.right for part in book.parts if part.head] == [f"{COMPLAINT}  A/1", f"{REPAIR}  B/0"]


def test_change_page_of_an_unchanged_text_says_so(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序")
    assert "正文没有改变" in words(form(undone, firm, request, ChangeForm.CHANGE_PAGES))


def test_there_is_no_change_page_of_a_draft(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    rewritten(undone, firm, "投诉处理程序", SHORTER)
    with pytest.raises(Refused, match="还没有修改页"):
        form(undone, firm, request, ChangeForm.CHANGE_PAGES)


@pytest.mark.parametrize("what", list(ChangeForm))
def test_both_formats_open_and_say_the_same(undone: Session, firm: Firm, what: ChangeForm) -> None:
    request = approved(undone, firm, FASTER, RENEWED)
    released(undone, firm, "投诉处理程序", SHORTER)
    released(undone, firm, "维修服务程序", ("30 分钟", "20 分钟"))
    book = form(undone, firm, request, what)
    pdf, word = (rendered(book, format_, settings().fonts) for format_ in (FileFormat.PDF, FileFormat.DOCX))
    for said in (pdf_words(pdf), docx_words(word)):
        assert all(bare(cell) in said for row in rows(book) for cell in row)
        assert bare(COMPLAINT) in said
    assert rendered(book, FileFormat.DOCX, settings().fonts) == word


def test_longest_texts_lose_nothing(undone: Session, firm: Firm) -> None:
    """A row never breaks across pages: what is too long for one goes on in the next."""
    many = [replace(FASTER, proposed=("测" * 1990 + f"尾{number:03}")) for number in range(5)]
    lines = replace(RENEWED, proposed="\n".join(f"第{number:03}行" for number in range(300)))
    book = form(undone, firm, asked(undone, firm, *many, lines))
    said = pdf_words(rendered(book, FileFormat.PDF, settings().fonts))
    assert said.count("测") == 5 * 1990
    assert all(f"尾{number:03}" in said for number in range(5))
    assert all(f"第{number:03}行" in said for number in range(300))


def test_pieces_of_a_long_text_are_the_text() -> None:
    text = "\n".join("。".join(f"第{number}句话" for number in range(length)) for length in (1, 400, 3))
    pieces = chunks(text)
    assert "".join(bare(piece) for piece in pieces) == bare(text)
    assert max(len(piece) for piece in pieces) <= CHUNK
    assert chunks("") == [""]


def test_copy_that_came_back_is_recalled_no_more(undone: Session, firm: Firm) -> None:
    out_of_hand(undone, firm)
    request = approved(undone, firm)
    released(undone, firm, "投诉处理程序", SHORTER)
    copy = next(each for each in copies_out(undone, firm.organisation.id) if each.copy_number == 2)
    recall(undone, firm.organisation, find_copy(undone, firm.organisation.id, copy.id), by=firm.controller, at=moment(3, 22))
    book = form(undone, firm, request, ChangeForm.NOTICE)
    assert "下列旧版受控本共 1 份" in words(book)
    assert "王五" not in words(book)


def test_files_are_named_by_request_and_form(undone: Session, firm: Firm) -> None:
    assert file_name(asked(undone, firm), ChangeForm.CHANGE_PAGES, FileFormat.PDF) == "GG-2026-001-change-pages.pdf"
