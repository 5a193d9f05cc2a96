"""Letters with their 落款, the signature block of a procedure, and the change records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from small_manual import letter

from manuals.sources import COMPANY, SOURCE, by_title, cell_words, changed, document, inline_words, only_grid, rows_of, source_of, words_of
from service.book.from_text import Setting
from service.book.model import Grid, Heading, Para, Part, Style
from service.kit.dates import chinese_date
from service.manuals.body import change_table, identification
from service.manuals.front import change_record
from service.manuals.front import letter as letter_part
from service.manuals.rules import Change, SourceDocument


def order(**changes: Any) -> Part:
    made = document(letter("order", "颁布令", "promulgation_order", "现予批准。\n\n## 效力 {#effect}\n全体员工执行。"), **changes)
    return letter_part(made, COMPANY, Setting(made.anchor))


def test_letter_ends_with_who_orders_it_for_whom_and_when() -> None:
    [last] = [block for block in order().blocks if isinstance(block, Para) and block.style is Style.RIGHT]
    assert inline_words(last.content) == f"总经理：贾一\n{COMPANY}\n2026年1月18日"


def test_letter_that_nobody_has_approved_has_no_ending() -> None:
    assert not any(isinstance(block, Para) and block.style is Style.RIGHT for block in order(signed=()).blocks)


def test_letter_has_no_clause_numbers() -> None:
    assert [block.number for block in order().blocks if isinstance(block, Heading)] == ["", ""]
    assert "效力" in words_of(order())


def test_procedure_bears_number_label_day_and_its_three_signers_with_post_and_day() -> None:
    first, second = rows_of(identification(by_title(SOURCE, "维修服务程序")))
    assert first == ["文件编号", "JC/SH-CX-01", "版本/修订", "A/0", "实施日期", "2026年2月1日"]
    assert second[::2] == ["编制", "审核", "批准"]
    assert second[1::2] == ["丁四\n服务部经理\n2026年1月16日", "易二\n管理者代表\n2026年1月17日", "贾一\n总经理\n2026年1月18日"]


def test_signature_that_is_missing_leaves_its_place_empty() -> None:
    made = by_title(SOURCE, "维修服务程序")
    assert rows_of(identification(replace(made, signed=made.signed[:1])))[1][3::2] == ["", ""]


HISTORY = (Change("A/0", "首次发布", date(2026, 2, 1), "贾一"), Change("A/1", "受理时限改为 20 分钟", date(2026, 5, 1), "易二"))


def test_change_record_of_a_procedure_has_a_line_per_revision() -> None:
    made: SourceDocument = replace(by_title(SOURCE, "维修服务程序"), history=HISTORY)
    [grid] = [block for block in change_table(made) if isinstance(block, Grid)]
    assert rows_of(grid)[1:] == [
        ["A/0", "首次发布", "2026年2月1日", "贾一"],
        ["A/1", "受理时限改为 20 分钟", "2026年5月1日", "易二"],
    ]


def test_change_record_of_the_manual_begins_with_the_first_edition() -> None:
    assert rows_of(only_grid(change_record(SOURCE)))[1:] == [
        ["1", f"首版文件共 {len(SOURCE.documents)} 份", "A/0", "首次发布", "2026年2月1日", "贾一"]
    ]


def test_change_record_of_the_manual_names_every_later_change_and_leads_to_it() -> None:
    grid = only_grid(change_record(changed(SOURCE, "维修服务程序", history=HISTORY)))
    assert rows_of(grid)[2:] == [["2", "JC/SH-CX-01 维修服务程序", "A/1", "受理时限改为 20 分钟", "2026年5月1日", "易二"]]
    [content] = grid.rows[2][1].content
    assert [getattr(part, "target", "") for part in content] == ["doc-repair"]
    assert cell_words(grid.rows[2][1]) == "JC/SH-CX-01 维修服务程序"


def test_first_edition_took_force_with_the_earliest_text() -> None:
    early = document(letter("order", "颁布令", "promulgation_order", "现予批准。"), history=(Change("A/0", "", date(2025, 12, 1), ""),))
    later = by_title(SOURCE, "维修服务程序")
    assert rows_of(only_grid(change_record(source_of(later, early))))[1][4] == "2025年12月1日"


def test_days_are_written_as_in_chinese_documents() -> None:
    assert [chinese_date(date(2026, 2, 1)), chinese_date(None)] == ["2026年2月1日", ""]
