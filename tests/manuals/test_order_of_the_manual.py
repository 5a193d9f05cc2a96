"""The order of a manual (domain.md §2), bound in one volume or in several, and how its pages are numbered."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from small_manual import TEXTS

from manuals.sources import COMPANY, SOURCE, by_title, documents, only_grid, rows_of, source_of, targets_of, words_of
from service.book.links import anchors_of, without_dangling
from service.book.model import Book, Figure, Heading, Numbering, Part, RunningHead, Toc
from service.manuals.assemble import assemble, document_book
from service.manuals.rules import Binding, ManualSource
from service.text.model import Kind

ORDER = [
    *("cover", "doc-order", "doc-appointment", "changes", "contents"),
    *("doc-introduction", "doc-policy", "doc-targets", "doc-scope", "doc-organisation", "responsibilities"),
    *("doc-chapter-5-2-4", "doc-chapter-5-3-2", "doc-repair", "doc-complaint", "doc-rules"),
    *("record-list", "doc-order-form", "doc-visit", "master-list", "external-list", "indicators"),
]


def bound(source: ManualSource = SOURCE) -> Book:
    [volume] = assemble(source)
    return volume.book


def anchors(book: Book) -> list[str]:
    return [part.anchor for part in book.parts]


def part_of(book: Book, anchor: str) -> Part:
    return next(part for part in book.parts if part.anchor == anchor)


def test_bound_manual_follows_the_order_of_a_manual() -> None:
    assert anchors(bound()) == ORDER


@pytest.mark.parametrize("seed", range(3))
def test_order_does_not_depend_on_the_numbers_of_letters_and_opening_texts(seed: int) -> None:
    shuffled = list(TEXTS[:7])
    random.Random(seed).shuffle(shuffled)  # an order, not a secret
    assert anchors(bound(source_of(*documents(*shuffled, *TEXTS[7:])))) == ORDER


def test_page_numbers_are_none_on_the_cover_roman_in_front_and_arabic_from_the_first_chapter() -> None:
    numbering = {part.anchor: part.numbering for part in bound().parts}
    assert numbering.pop("cover") is Numbering.NONE
    front = {anchor for anchor, kind in numbering.items() if kind is Numbering.ROMAN}
    assert front == set(ORDER[1:5])
    assert {numbering[anchor] for anchor in ORDER[5:]} == {Numbering.ARABIC}


def test_only_the_responsibility_matrix_lies_across() -> None:
    assert [part.anchor for part in bound().parts if part.landscape] == ["responsibilities"]


def test_header_names_organisation_title_number_label_and_day() -> None:
    head = part_of(bound(), "doc-repair").head
    assert head == RunningHead(f"{COMPANY}  维修服务程序", "JC/SH-CX-01  A/0  2026年2月1日实施")
    assert all(part.head is None for part in bound().parts if part.numbering is not Numbering.ARABIC)


def test_cover_names_number_label_signers_and_days() -> None:
    cover = part_of(bound(), "cover")
    cells = [words for row in rows_of(only_grid(cover)) for words in row]
    facts = dict(zip(cells[::2], cells[1::2], strict=True))
    assert facts == {
        "文件编号": "JC/SH-SC",
        "版本/修订状态": "A/0",
        "受控状态": "□受控  □非受控",
        "分发号": "",
        "编制": "丁四\n服务部经理\n2026年1月16日",
        "审核": "易二\n管理者代表\n2026年1月17日",
        "批准": "贾一\n总经理\n2026年1月18日",
        "发布日期": "2026年1月20日",
        "依据标准": "GB/T 27922-2011",
        "实施日期": "2026年2月1日",
    }
    assert COMPANY in words_of(cover)


def test_contents_list_every_part_with_a_title_but_the_forms() -> None:
    book = bound()
    assert [block for block in part_of(book, "contents").blocks if isinstance(block, Toc)] == [Toc(1)]
    listed = [h.text for part in book.parts for h in part.blocks if isinstance(h, Heading) and h.level == 1 and h.outline]
    assert len(listed) == len(ORDER) - 2 - 2  # neither cover nor contents, and the forms stand under the list of records
    assert "颁布令" in listed
    assert "报修单" not in listed


def test_chapter_bears_the_code_of_its_indicator() -> None:
    heading = part_of(bound(), "doc-chapter-5-2-4").blocks[0]
    assert heading == Heading(1, "维修服务", "5.2.4", "doc-chapter-5-2-4")


def test_chart_is_drawn_in_the_text_on_the_organisation() -> None:
    [figure] = [block for block in part_of(bound(), "doc-organisation").blocks if isinstance(block, Figure)]
    drawn = {line for box in figure.drawing.boxes for line in box.lines}
    assert {"公司管理层", "服务部", "总经理", "服务部经理"} <= drawn


def test_manual_without_a_text_on_the_organisation_has_the_chart_as_a_part_of_its_own() -> None:
    book = bound(replace(SOURCE, documents=tuple(each for each in SOURCE.documents if each.key != "organisation")))
    assert anchors(book) == ["organisation-chart" if anchor == "doc-organisation" else anchor for anchor in ORDER]
    assert any(isinstance(block, Figure) for block in part_of(book, "organisation-chart").blocks)


def test_volumes_are_manual_procedures_and_forms() -> None:
    manual, procedures, forms = assemble(SOURCE, Binding.VOLUMES)
    assert [volume.stem for volume in (manual, procedures, forms)] == ["manual-1", "manual-2", "manual-3"]
    assert anchors(manual.book) == [*ORDER[:13], *ORDER[19:]]
    assert anchors(procedures.book) == ["cover", "contents", *ORDER[13:16]]
    assert anchors(forms.book) == ["cover", "contents", *ORDER[16:19]]
    assert "第二分册 程序文件与管理制度" in words_of(procedures.book.parts[0])


def test_every_link_of_the_bound_manual_leads_somewhere() -> None:
    book = bound()
    assert {target for part in book.parts for target in targets_of(part)} <= anchors_of(book)
    assert without_dangling(book) == book


def test_link_to_a_document_of_another_volume_becomes_text() -> None:
    for volume in assemble(SOURCE, Binding.VOLUMES):
        made = without_dangling(volume.book)
        assert {target for part in made.parts for target in targets_of(part)} <= anchors_of(made)
    chapter = part_of(assemble(SOURCE, Binding.VOLUMES)[0].book, "doc-chapter-5-2-4")
    assert targets_of(chapter) == {"doc-repair"}
    [_, mended] = [volume for volume in assemble(SOURCE, Binding.VOLUMES) if volume.stem != "manual-3"]
    assert "《投诉处理程序》" in words_of(part_of(without_dangling(mended.book), "doc-repair"))
    manual = without_dangling(assemble(SOURCE, Binding.VOLUMES)[0].book)
    assert "维修按《维修服务程序》办理。" in words_of(part_of(manual, "doc-chapter-5-2-4"))
    assert "—" in words_of(part_of(manual, "master-list")).split("\n")


def test_single_document_is_a_book_of_one_part() -> None:
    for each in SOURCE.documents:
        book = document_book(SOURCE, each)
        assert (book.title, anchors(book)) == (each.title, [each.anchor])


def test_each_kind_of_document_is_set_in_its_own_way() -> None:
    words = {
        kind: words_of(document_book(SOURCE, next(each for each in SOURCE.documents if each.kind is kind)).parts[0])
        for kind in (Kind.PROCEDURE, Kind.RECORD_FORM)
    }
    assert "更改记录" not in words[Kind.RECORD_FORM]
    assert "编号：JC/SH-JL-01    版本：A/0    保存期限：3 年" in words[Kind.RECORD_FORM]
    assert "文件编号" in words[Kind.PROCEDURE]
    assert by_title(SOURCE, "服务规范").kind is Kind.WORK_INSTRUCTION
