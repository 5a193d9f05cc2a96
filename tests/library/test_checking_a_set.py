"""A set's own check: every name that a template uses exists; each fault with file and line."""

from __future__ import annotations

import pytest
from small_firm import REPAIR, SET, STANDARD, TEXTS, form, template_set

from service.library.checks import check_set, sample_values
from service.library.rules import Fault, Need, TemplateSet
from service.organisations.shipped import catalogue

LAWS = frozenset({"消费者权益保护法"})
NEEDS = {"departments": {"service": "服务部"}, "posts": {"service_manager": "服务部经理"}}
SOUND = (TEXTS[0], TEXTS[1].replace("kind: procedure", "kind: procedure\nrefers: [repair]"), *TEXTS[2:])


def faults(*changes: tuple[int, str, str]) -> list[Fault]:
    """Faults of the sound set with words of some texts (by position) replaced."""
    texts = list(SOUND)
    for position, old, new in changes:
        assert old in texts[position]
        texts[position] = texts[position].replace(old, new)
    return check_set(template_set(*texts, **NEEDS), catalogue(), STANDARD, LAWS)


def test_sound_set_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("position", "old", "new", "code", "line", "words"),
    [
        (0, "targets.return_repair_rate", "targets.return_repair", "unknown_variable", 23, "没有名为 targets.return_repair 的企业参数"),
        (0, "接到热线", "接到 {{ posts.hotline_agent }} 的热线", "unknown_variable", 22, "posts.hotline_agent"),
        (0, "接到热线", "接到 {{ departments.sales }} 的热线", "unknown_variable", 22, "departments.sales"),
        (0, "refers: [complaint]", "refers: [complaint, complaints]", "unknown_key", 9, "complaints 的文件，是否为 complaint"),
        (0, "records: [order, visit]", "records: [order, visit, tally]", "unknown_key", 10, "没有 key 为 tally 的记录表单"),
        (0, "records: [order, visit]", "records: [order, visit, complaint]", "unknown_key", 9, "没有 key 为 complaint 的记录表单"),
        (0, "department: service", "department: finance", "unknown_key", 5, "没有 key 为 finance 的部门"),
        (1, "indicator: 5.1.2", "indicator: 5.1.3", "unknown_indicator", 8, "XY/T 1-2020 没有指标 5.1.3"),
        (1, "elements: [1]", "elements: [1, 2]", "unknown_element", 8, "指标 5.1.2 只有 1 项要素"),
        (1, "section: handle", "section: handling", "unknown_section", 8, "handling"),
        (1, "## 范围", "## 适用范围", "six_sections", 1, "目的、范围、职责"),
        (1, "上门的填写", "上门的按《报修单》填写", "unlisted_reference", 21, "《报修单》未列入 refers 或 records"),
        (1, "《维修服务程序》", "《维修服务控制程序》", "dangling_reference", 23, "是否为《维修服务程序》"),
        (1, "《维修服务程序》", "《劳动合同》", "dangling_reference", 23, "《劳动合同》不是本模板的文件、记录或已登记的法规标准"),
        (1, "投诉在", "{% if %}投诉在", "bad_template", 21, ""),
        (1, "投诉在", "投诉\x00在", "control_character", 21, "U+0000"),
    ],
)
def test_fault_is_told_with_file_and_line(position: int, old: str, new: str, code: str, line: int, words: str) -> None:
    found = faults((position, old, new))
    name = ("repair", "complaint")[position]
    assert [(fault.code, fault.place.file, fault.place.line) for fault in found] == [(code, f"small/{name}.md", line)]
    assert words in str(found[0])


def test_registered_law_may_be_named() -> None:
    assert faults((1, "《维修服务程序》", "《维修服务程序》《消费者权益保护法》")) == []


def test_fault_hidden_behind_a_choice_is_found_on_either_side() -> None:
    for condition in ("choices.sells_online", "not choices.sells_online", "choices.sells_online and not choices.makes"):
        hidden = f"{{% if {condition} %}}\n按《没有的程序》处理。\n{{% endif %}}\n## 相关文件"
        assert [fault.code for fault in faults((1, "## 相关文件", hidden))] == ["dangling_reference"], condition


def test_document_that_may_be_absent_is_named_only_where_it_exists() -> None:
    conditional = (0, "department: service", "department: service\nwhen: choices.offers_repair")
    assert [fault.code for fault in faults(conditional)] == []
    online = (1, "## 相关文件\n《维修服务程序》", "## 相关文件\n{% if choices.offers_repair %}\n《维修服务程序》\n{% endif %}\n无")
    assert faults(conditional, online) == []


def test_faults_come_in_the_order_of_files_lines_and_words_and_once_each() -> None:
    found = faults((1, "《维修服务程序》", "《己》《甲》《丁》《乙》《甲》《戊》《丙》"), (0, "《投诉处理程序》处理", "《辛》处理"))
    assert [(fault.place.file, fault.message[:3]) for fault in found] == [
        *(("small/complaint.md", f"《{title}》") for title in "丁丙乙己戊甲"),
        ("small/repair.md", "《辛》"),
    ]


@pytest.mark.parametrize("longer", ["targets.return_repair_rate", "targets.return_repair.x", "my-targets.return_repair"])
def test_line_of_a_name_is_not_that_of_a_longer_name(longer: str) -> None:
    known = {**catalogue(), longer: catalogue()["targets.return_repair_rate"]}
    text = TEXTS[1].replace("适用于顾客的", f"{longer} ").replace("5 个", "{{ targets.return_repair }} 个")
    found = check_set(template_set(text, TEXTS[0], TEXTS[3], **NEEDS), known, STANDARD, LAWS)
    assert [fault.place.line for fault in found if fault.code == "unknown_variable"] == [20]


def test_claim_of_a_text_without_sections_is_a_fault() -> None:
    found = faults((2, "retention: service", "claims: [{indicator: 5.1.11, elements: [1]}]"))
    assert [(fault.code, str(fault.place)) for fault in found] == [("unknown_section", "small/order.md:6")]


def test_form_is_checked_like_any_text() -> None:
    found = faults((2, "电话: _", "电话: {{ company.phone }}"))
    assert [(fault.code, fault.place.file) for fault in found] == [("unknown_variable", "small/order.md")]


def test_sample_values_try_each_choice_that_a_text_speaks_of_both_ways() -> None:
    text = form("order", REPAIR, "甲: {% if choices.makes and choices.sells_online %}乙{% endif %}")
    templates = TemplateSet("s", "套", "xy", "", (), (Need("buyer", "采购员", "choices.makes"),), template_set(text).templates)
    tried = list(sample_values(templates.templates[0], templates, catalogue()))
    pairs = {(values["choices"]["makes"], values["choices"]["sells_online"]) for values in tried}  # type: ignore[index]
    assert pairs == {(True, True), (False, False), (True, False), (False, True)}
    assert all(("buyer" in values["posts"]) is values["choices"]["makes"] for values in tried)  # type: ignore[index,operator]


def test_text_without_choices_is_tried_once() -> None:
    assert len(list(sample_values(SET.templates[0], SET, catalogue()))) == 1
