"""Who signed is printed on every document: all countersigners too, and what was signed by an exception from separate duties."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader
from small_firm import Firm, cloned, day, found, founded, give_accounts, moment
from small_manual import SET, letter
from sqlmodel import Session

from manuals.sources import SIGNED, SOURCE, by_title, document, rows_of, source_of, words_of
from service.approvals import actions as approvals
from service.approvals.exception_actions import grant_exception
from service.approvals.rule_actions import approve_rule, propose_rule
from service.approvals.rules import Meaning
from service.book.model import Part
from service.book.pdf import layout_of
from service.book.theme import FORMAL
from service.documents.models import Revision
from service.manuals.assemble import assemble, document_book
from service.manuals.body import identification
from service.manuals.build import Format, export_document, source_fingerprint
from service.manuals.front import cover
from service.manuals.rules import Binding, Exempted, ManualSource, Signed, SourceDocument
from service.manuals.signatures import exemptions
from service.manuals.signed_queries import signed_of
from service.organisations.roles import HeldRole, Role
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import standard

REPAIR = "维修服务程序"
BY_EXCEPTION = Exempted(("编制", "批准"), "小公司只有一名技术人员", date(2026, 12, 31), "贾一")
NOTE = "注：编制与批准由同一人（丁四）完成，依据例外批准（理由：小公司只有一名技术人员；有效期至 2026-12-31；批准人 贾一）。"
COUNTERSIGNED = (
    *SIGNED[:2],
    Signed("会签", "邴三", "文控员", date(2026, 1, 17)),
    Signed("会签", "戊五", "质量部经理", date(2026, 1, 18)),
    Signed("批准", "丁四", "服务部经理", date(2026, 1, 18), BY_EXCEPTION),
)
LINES = ("邴三（文控员） 2026年1月17日", "戊五（质量部经理） 2026年1月18日")
LETTER = letter("order", "颁布令", "promulgation_order", "现予批准。")


def signed(made: SourceDocument) -> SourceDocument:
    return replace(made, signed=COUNTERSIGNED)


def part(made: SourceDocument) -> Part:
    return document_book(source_of(made), made).parts[0]


def test_block_of_a_procedure_names_every_countersigner_with_post_and_day_and_the_exception() -> None:
    rows = rows_of(identification(signed(by_title(SOURCE, REPAIR))))
    assert rows[1][1::2] == ["丁四\n服务部经理\n2026年1月16日", "易二\n管理者代表\n2026年1月17日", "丁四\n服务部经理\n2026年1月18日"]
    assert rows[2:] == [["会签", "\n".join(LINES)], [NOTE]]


def test_rows_of_the_block_are_six_columns_wide() -> None:
    for row in identification(signed(by_title(SOURCE, REPAIR))).rows:
        assert sum(cell.colspan for cell in row) == 6


def test_procedure_without_countersignature_or_exception_has_no_row_for_them() -> None:
    assert len(identification(by_title(SOURCE, REPAIR)).rows) == 2


@pytest.mark.parametrize("made", [by_title(SOURCE, "维修服务"), by_title(SOURCE, "报修单")], ids=["chapter", "form"])
def test_text_without_a_block_ends_with_everybody_who_signed(made: SourceDocument) -> None:
    everybody = "编制 丁四（服务部经理） 2026年1月16日；审核 易二（管理者代表） 2026年1月17日"
    approved = "批准 丁四（服务部经理） 2026年1月18日"
    assert words_of(part(signed(made))).endswith(f"{everybody}；会签 {LINES[0]}；会签 {LINES[1]}；{approved}。\n{NOTE}")
    assert "编制 " not in words_of(part(replace(made, signed=())))


def test_letter_names_below_who_orders_it_everybody_else_who_signed() -> None:
    others = "编制 丁四（服务部经理） 2026年1月16日；审核 易二（管理者代表） 2026年1月17日"
    ending = f"服务部经理：丁四\n示范甲公司\n2026年1月18日\n{others}；会签 {LINES[0]}；会签 {LINES[1]}。\n{NOTE}"
    assert words_of(part(signed(document(LETTER)))).endswith(ending)
    assert words_of(part(replace(document(LETTER), signed=SIGNED[2:]))).endswith("2026年1月18日")


def test_form_that_many_signed_stays_on_its_page() -> None:
    made = signed(by_title(SOURCE, "报修单"))
    assert layout_of(document_book(source_of(made), made), FORMAL, settings().fonts).total == 1


@pytest.mark.parametrize("countersigners", [0, 1, 6])
def test_cover_names_everybody_who_signed_the_order_and_stays_one_page(countersigners: int) -> None:
    several = tuple(Signed("会签", f"会签人{n}", "部门经理", date(2026, 1, 17)) for n in range(countersigners))
    made = replace(document(LETTER), signed=(*SIGNED[:2], *several, COUNTERSIGNED[-1]))
    source = source_of(made)
    words = words_of(cover(source))
    assert all(f"{row.name}（部门经理） 2026年1月17日" in words for row in several)
    assert "丁四\n服务部经理\n2026年1月16日" in words
    assert NOTE in words
    [volume] = assemble(source)
    pages = layout_of(volume.book, FORMAL, settings().fonts).pages
    assert pages[volume.book.parts[1].anchor] == "i"
    assert layout_of(replace(volume.book, parts=volume.book.parts[:1]), FORMAL, settings().fonts).total == 1


def test_three_meanings_signed_by_one_person_are_all_named() -> None:
    three = replace(BY_EXCEPTION, meanings=("编制", "审核", "批准"))
    row = replace(SIGNED[2], exempted=three)
    assert exemptions((row,))[0].startswith("注：编制、审核与批准由同一人（贾一）完成")


def test_two_sign_offs_on_one_exception_make_one_note() -> None:
    rows = tuple(Signed(meaning, "丁四", "服务部经理", date(2026, 1, 16), BY_EXCEPTION) for meaning in ("审核", "批准"))
    assert exemptions(rows) == (NOTE,)


def fingerprint(source: ManualSource) -> str:
    return source_fingerprint(source, Binding.BOUND, FORMAL, settings().fonts)


def test_fingerprint_of_the_source_covers_countersigners_and_exceptions() -> None:
    made = by_title(SOURCE, REPAIR)
    other = replace(COUNTERSIGNED[-1], exempted=replace(BY_EXCEPTION, reason="另一个理由"))
    variants = (SIGNED, COUNTERSIGNED, COUNTERSIGNED[:-2], (*COUNTERSIGNED[:-1], other))
    assert len({fingerprint(source_of(replace(made, signed=rows))) for rows in variants}) == len(variants)


def test_docx_pdf_and_html_all_print_the_countersigners_and_the_note() -> None:
    made = signed(by_title(SOURCE, REPAIR))
    files = export_document(source_of(made), made, "", tuple(Format), FORMAL, settings().fonts)
    [docx], [pdf], [html] = ([data for name, data in files.items() if name.endswith(kind)] for kind in Format)
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        texts = [archive.read("word/document.xml").decode(), html.decode()]
    texts.append("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    for text in texts:
        bare = "".join(text.split())
        assert all("".join(line.split()) in bare for line in (*LINES, NOTE))


def submitted(session: Session, firm: Firm) -> Revision:
    """维修服务程序 submitted by the preparer, with two posts to countersign it and one person for review and approval by exception."""
    rule = propose_rule(
        session,
        firm.organisation,
        reviewers=["management_representative"],
        countersigners=["document_controller", "general_manager"],
        countersigns_needed=2,
        approvers=["management_representative"],
        valid_from=day(1, 5),
        by=firm.controller,
        at=moment(1, 5),
    )
    approve_rule(session, firm.organisation, rule, by=firm.approver, at=moment(1, 5))
    grant_exception(
        session,
        firm.organisation,
        login="yi",
        meanings=(Meaning.REVIEW, Meaning.APPROVE),
        reason="管理者代表兼任",
        valid_from=day(1, 5),
        valid_until=day(12, 31),
        by=firm.approver,
        at=moment(1, 5),
    )
    repair, revision = found(session, firm, REPAIR)
    approvals.submit(
        session, firm.organisation, repair, revision, standard=standard(), catalogue=catalogue(), by=firm.preparer, at=moment(1, 6)
    )
    return revision


def test_sign_offs_are_gathered_with_every_countersigner_and_the_exception_they_stand_on(undone: Session) -> None:
    firm = founded(undone)
    give_accounts(undone, firm.organisation)
    cloned(undone, firm, SET)
    revision = submitted(undone, firm)
    repair, _ = found(undone, firm, REPAIR)
    everything = replace(firm.reviewer, roles=(HeldRole(Role.REVIEWER), HeldRole(Role.APPROVER)))
    approvals.review(undone, repair, revision, standard=standard(), by=everything, at=moment(1, 7))
    for countersigner in (firm.controller, firm.approver):
        approvals.countersign(undone, repair, revision, by=countersigner, at=moment(1, 8))
    approvals.approve(undone, repair, revision, by=everything, at=moment(1, 9))
    rows = signed_of(undone, firm.organisation, revision)
    assert [(row.meaning, row.name, row.on.day) for row in rows] == [
        ("编制", "丁四", 6),
        ("审核", "易二", 7),
        ("会签", "邴三", 8),
        ("会签", "贾一", 8),
        ("批准", "易二", 9),
    ]
    assert [row.exempted for row in rows if row.exempted] == [Exempted(("审核", "批准"), "管理者代表兼任", day(12, 31), "贾一")]
