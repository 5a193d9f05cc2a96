"""A profile becomes plain values, or one message that names every fault with its line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.profiles import PROFILE, changed, read
from service.errors import InputError
from service.organisations.profile import DatedValue, NotApplicableEntry, Profile, read_profile
from service.organisations.profile_faults import profile_faults
from service.organisations.rules import Catalogue, VariableSpec, VariableType


def fault_of(text: str, catalogue: Catalogue) -> str:
    with pytest.raises(InputError) as caught:
        read(text, catalogue)
    assert caught.value.code in {"bad_profile", "bad_yaml"}
    return str(caught.value)


def value_of(profile: Profile, name: str) -> object:
    return next(item.value for item in profile.values if item.name == name)


def test_plain_value_holds_from_the_day_of_the_profile(catalogue: Catalogue) -> None:
    assert DatedValue("targets.repair_days", 5, date(2026, 1, 5)) in read(PROFILE, catalogue).values


def test_history_holds_each_value_from_its_own_day(catalogue: Catalogue) -> None:
    rates = [item for item in read(PROFILE, catalogue).values if item.name == "targets.return_repair_rate"]
    assert [(rate.value, rate.valid_from) for rate in rates] == [(2, date(2026, 1, 5)), (1.5, date(2026, 7, 1))]


def test_joined_post_is_held_under_its_own_key(catalogue: Catalogue) -> None:
    profile = read(changed(("posts: [general_manager]", "posts: [management_representative, general_manager]")), catalogue)
    assert profile.persons[0].posts == ("general_manager",)


def test_joined_department_may_be_named_as_parent(catalogue: Catalogue) -> None:
    text = changed(("persons:\n", "  - {key: shop, name: 门店, parent: technical}\npersons:\n"))
    assert read(text, catalogue).departments[-1].parent == "service"


def test_approver_of_a_deletion_is_kept_by_name(catalogue: Catalogue) -> None:
    assert read(PROFILE, catalogue).not_applicable == (NotApplicableEntry("5.1.6.4", "不参与标准制定", "贾一", date(2026, 1, 6)),)


def test_folded_text_has_no_space_between_chinese_characters(catalogue: Catalogue) -> None:
    text = changed(("  hotline: 400-000-0001\n", "  introduction: >-\n    生产、\n    销售水壶和\n    3 种水杯\n"))
    assert value_of(read(text, catalogue), "company.introduction") == "生产、销售水壶和 3 种水杯"


def test_blank_is_left_out_and_no_fault(catalogue: Catalogue) -> None:
    profile = read(changed(("hotline: 400-000-0001", "hotline:")), catalogue)
    assert "company.hotline" not in {item.name for item in profile.values}


def test_fingerprint_depends_on_what_is_said_not_on_spelling_or_file(catalogue: Catalogue) -> None:
    spelt = changed(("targets:\n", "# 目标\ntargets:\n"), ("[水壶, 水杯]", '["水壶",   水杯]'))
    assert read(spelt, catalogue).fingerprint == read_profile(PROFILE, file="other.yml", catalogue=catalogue).fingerprint
    assert read(changed(("repair_days: 5", "repair_days: 6")), catalogue).fingerprint != read(PROFILE, catalogue).fingerprint


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  repair_days: 5", "  repair_dayz: 5", 11, "targets.repair_dayz"),
        ("  repair_days: 5", "  repair_dayz: 5", 11, "是否应为“repair_days”"),
        ("  repair_days: 5", "  repair_days: 五", 11, "送修修复时限"),
        ("  repair_days: 5", "  repair_days: true", 11, "须为数字"),
        ("  repair_days: 5", "  repair_days: -1", 11, "不小于零"),
        ("  repair_days: 5", "  repair_days: .nan", 11, "不小于零"),
        ("hotline: 400-000-0001", "hotline: 4000000001", 7, "须为文字"),
        ("hotline: 400-000-0001", "hotline: 8:00", 7, "须为文字"),
        ("founded_on: 2015-03-01", "founded_on: 2015-02-30", 8, "须为日期"),
        ("[水壶, 水杯]", "水壶", 9, "须为列表"),
        ("[水壶, 水杯]", "[水壶, 3]", 9, "第 2 项须为文字"),
        ("makes: false", "makes: 否", 14, "true 或 false"),
        ("from: 2026-07-01", "from: 2026-01-05", 12, "有两个值"),
        ("from: 2026-07-01", "on: 2026-07-01", 12, "会被当作数字或开关"),
        ("from: 2026-07-01", "since: 2026-07-01", 12, "{value: 值, from: 日期}"),
        ("code: AB", "code: A B", 1, "企业代号"),
        ("code: AB\n", "", None, "企业代号"),
        ("valid_from: 2026-01-05", "valid_from: 2026-13-05", 2, "生效日期"),
        ("Asia/Shanghai", "Asia/Wuxi", 3, "时区“Asia/Wuxi”不存在"),
        ("Asia/Shanghai", "Asia", 3, "时区“Asia”不存在"),
        ("Asia/Shanghai", "../etc/passwd", 3, "不存在"),
        ("-{serial:02}", "", 4, "{serial}"),
        ("{kind}", "{type}", 4, "{type}"),
        ("{kind}", "{kind", 4, "花括号不成对"),
        ("{serial:02}", "{serial:x}", 4, "位数"),
        ("  legal_name: 示范甲公司\n", "", 5, "企业全称"),
        ("  hotline:", "  code: AB\n  hotline:", 7, "写在档案开头的 code"),
        ("choices:\n", "choice:\n", 13, "不认识的项目“choice”"),
        ("    parent: management", "    parent: managment", 22, "上级部门“managment”不存在"),
        ("    name: 公司管理层\n", "    name: 公司管理层\n    parent: service\n", 18, "management → service → management"),
        ("    parent: management", "    parent: service", 22, "service → service"),
        ("    name: 服务部\n", "    name: 公司管理层\n", 21, "部门名称“公司管理层”重复出现"),
        ("    also: [technical]", "    also: [management]", 23, "部门键“management”重复出现"),
        ("{key: technician, name", "{key: management_representative, name", 26, "岗位键“management_representative”重复出现"),
        ("{key: technician, name: 维修工程师}", "{key: technician}", 26, "没有名称"),
        ("{key: technician, name", "{key: 技师, name", 26, "小写字母"),
        ("{key: technician, name", "{holder: yi, key: technician, name", 26, "不认识的项目“holder”"),
        ("login: bing", "login: Bing", 30, "小写字母"),
        ("name: 邴三", "name: ' '", 30, "没有姓名"),
        ("    also: [technical]", "    also: technical", 23, "also 须为列表"),
        (
            "decided_on: 2026-01-06}\n",
            "decided_on: 2026-01-06}\n  - {indicator: 5.1.6.4, justification: 甲, approved_by: yi, decided_on: 2026-01-07}\n",
            35,
            "重复出现",
        ),
        ("posts: [technician]", "posts: [painter]", 30, "岗位“painter”不在组织机构中"),
        ("posts: [technician]", "posts: []", 30, "至少担任一个岗位"),
        ("login: bing", "login: jia", 30, "登录名“jia”重复出现"),
        ("login: bing, ", "", 30, "login、name、posts"),
        ("phone: 010-0000-0001, ", "", 32, "缺少 phone"),
        ("own: true", "own: 自建", 32, "自建"),
        ("indicator: 5.1.6.4", "indicator: 第四条", 34, "须写作 5.1.6.4"),
        ("justification: 不参与标准制定", 'justification: " "', 34, "须写明理由"),
        ("approved_by: jia", "approved_by: nobody", 34, "批准人"),
        ("decided_on: 2026-01-06", "decided_on: 一月", 34, "决定日期"),
        (", decided_on: 2026-01-06", "", 34, "只写明 indicator"),
    ],
)
def test_fault_is_named_with_file_and_line(catalogue: Catalogue, old: str, new: str, line: int | None, words: str) -> None:
    rows = fault_of(changed((old, new)), catalogue).splitlines()
    assert any(words in row and row.startswith(f"ab.yml:{line}:" if line else "ab.yml:") for row in rows), rows


def test_all_faults_are_told_at_once_in_the_order_of_the_file(catalogue: Catalogue) -> None:
    text = changed(("repair_days: 5", "repair_days: 五"), ("Asia/Shanghai", "Mars"), ("posts: [technician]", "posts: [painter]"))
    head, *rows = fault_of(text, catalogue).splitlines()
    assert "3 处错误" in head
    assert [row.split(":")[1] for row in rows] == ["3", "11", "30"]


@pytest.mark.parametrize(
    "text", ["", "[]", "甲", "departments: {}", "persons: 3", "departments: [1, [2]]", "not_applicable: [x]", "outlets: [1]"]
)
def test_something_quite_different_is_refused_not_crashed_on(catalogue: Catalogue, text: str) -> None:
    assert fault_of(text, catalogue)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [1\nb: 2", 2), ("a: 1\na: 2", 2), ("a: &x [*x]", 1), ("a: \x01", None), ("1: a", 1), ("a: b: c", 1)],
)
def test_broken_yaml_is_refused_with_its_line(catalogue: Catalogue, text: str, line: int | None) -> None:
    assert fault_of(text, catalogue).startswith(f"ab.yml:{line}:" if line else "ab.yml:")


FIELDS = ["key", "name", "posts", "also", "parent", "value", "from", "login", "indicator", "approved_by"]
VALUES = st.recursive(
    st.sampled_from([None, True, 0, float("nan"), "a", "b", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)
SECTIONS = st.sampled_from(["code", "company", "departments", "persons", "outlets", "not_applicable", "targets"])


@given(st.dictionaries(SECTIONS, VALUES))
def test_no_shape_of_values_crashes_the_checks(raw: dict[str, object]) -> None:
    spec = VariableSpec("targets.key", "甲", "", VariableType.LIST, None, False)
    assert list(profile_faults(raw, {spec.name: spec}))


@pytest.mark.parametrize(
    "text",
    [
        "persons: [{login: {a: 1}, name: [], posts: [[a]]}]",
        "persons: [{login: [a]}]\nnot_applicable: [{indicator: [], justification: 1, approved_by: {}, decided_on: 3}]",
        "departments: [{key: [a], name: {}, parent: [b], also: x, posts: [{key: {}, name: 3, also: [[]]}]}]",
        "departments: [{key: a, name: 甲}]\nnot_applicable: 3",
        "company: []",
    ],
)
def test_values_of_the_wrong_kind_are_faults(catalogue: Catalogue, text: str) -> None:
    assert "企业代号" in fault_of(text, catalogue)
