"""受控文件清单, 记录清单 and 外来文件清单 as a manual prints them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_manual import TEXTS

from manuals.sources import EFFECTIVE, SOURCE, document, documents, only_grid, rows_of, source_of, targets_of
from service.manuals.registers import external_list, master_list, record_list
from service.standards.citations import cited
from service.standards.shipped import register
from service.text.model import Kind


def test_master_list_has_every_document_but_the_forms() -> None:
    rows = rows_of(only_grid(master_list(SOURCE)))[1:]
    assert [row[2] for row in rows] == [each.title for each in SOURCE.documents if each.kind is not Kind.RECORD_FORM]
    assert [row[0] for row in rows] == [str(position) for position in range(1, 13)]


def test_master_list_tells_number_kind_label_day_department_and_page() -> None:
    row = next(row for row in rows_of(only_grid(master_list(SOURCE))) if row[2] == "维修服务程序")
    assert EFFECTIVE.isoformat() == "2026-02-01"
    assert row[1:] == ["JC/SH-CX-01", "维修服务程序", "程序文件", "A/0", "2026-02-01", "服务部", "‹doc-repair›"]


def test_titles_of_the_lists_lead_to_the_documents() -> None:
    anchors = {each.anchor for each in SOURCE.documents}
    assert targets_of(master_list(SOURCE)) | targets_of(record_list(SOURCE)) == anchors


def test_record_list_tells_retention_and_who_uses_the_form() -> None:
    assert rows_of(only_grid(record_list(SOURCE)))[1:] == [
        ["1", "JC/SH-JL-01", "报修单", "3 年", "服务部", "SH-CX-01", "‹doc-order-form›"],
        ["2", "JC/SH-JL-02", "上门服务记录", "3 年", "服务部", "SH-CX-01、SH-CX-02", "‹doc-visit›"],
    ]


def test_two_texts_whose_numbers_end_alike_are_told_apart() -> None:
    numbers = {"JC/SH-CX-01": "JC/CX/07", "JC/SH-CX-02": "JC/ZD/07"}
    made = [replace(each, number=numbers.get(each.number, each.number)) for each in SOURCE.documents]
    told = [row[5] for row in rows_of(only_grid(record_list(source_of(*made))))[1:]]
    assert told == ["CX/07", "CX/07、ZD/07"]


def test_form_without_a_term_leaves_it_empty() -> None:
    form = document(TEXTS[12], retention_years=None)
    assert rows_of(only_grid(record_list(source_of(form))))[1][3:6] == ["", "服务部", ""]


def names(*bodies: str) -> list[str]:
    """Numbers in the external list of a manual of these bodies."""
    texts = (f"---\nkey: t{n}\ntitle: 文{n}\nkind: work_instruction\ndepartment: service\n---\n{b}\n" for n, b in enumerate(bodies))
    return [row[1] for row in rows_of(only_grid(external_list(source_of(*documents(*texts)))))[1:]]


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        ("上门穿工作服。", []),
        ("按《中华人民共和国产品质量法》办理。", ["产品质量法"]),
        ("按 GB/T 19012-2019 处理投诉。", ["GB/T 19012-2019"]),
        ("依据《商品售后服务评价体系》（GB/T 27922-2011）。", ["GB/T 27922-2011"]),
        ("旧手册依据 SB/T 10401-2006《商品售后服务评价体系》。", ["SB/T 10401-2006"]),
        ("按《中华人民共和国消费者权益保护法实施条例》办理。", ["国务院令第 778 号"]),
        ("按《消费者权益保护法》办理。", ["消费者权益保护法"]),
        ("列入《国家危险废物名录（2025 年版）》的，", ["国家危险废物名录"]),
    ],
)
def test_external_list_has_only_what_the_texts_cite(words: str, listed: list[str]) -> None:
    assert names(words) == listed


def test_external_list_keeps_the_order_of_the_register_and_names_nothing_twice() -> None:
    found = names("GB/T 19012-2019", "《中华人民共和国产品质量法》和 GB/T 19012-2019")
    assert found == ["产品质量法", "GB/T 19012-2019"]


def test_external_list_looks_into_sections_and_into_what_stands_before_them() -> None:
    assert {entry.number for entry in cited(register(), "GB/T 27922-2011")} == {"GB/T 27922-2011"}
    found = {row[1] for row in rows_of(only_grid(external_list(SOURCE)))[1:]}
    assert found == {"GB/T 27922-2011", "产品质量法", "GB/T 19012-2019"}  # of the 颁布令's body, a list, a section


def test_external_list_says_how_sure_the_status_is() -> None:
    rows = {row[1]: row for row in rows_of(only_grid(external_list(SOURCE)))[1:]}
    entry = next(entry for entry in register() if entry.number == "GB/T 27922-2011")
    assert entry.effective is not None
    assert entry.checked_on is not None
    assert rows["GB/T 27922-2011"][4:] == [entry.effective.isoformat(), "现行", entry.checked_on.isoformat()]
    assert rows["产品质量法"][4] == "未查明"
