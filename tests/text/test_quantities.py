"""Quantities: a figure counts only where its subject is recognisable."""

from __future__ import annotations

import pytest

from service.text.quantities import quantities
from text.samples import parsed


def found(text: str) -> list[tuple[str, str, float, str]]:
    return [(item.subject, item.comparator, item.value, item.unit) for item in quantities(parsed(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("返修率不高于 1%。", ("返修率", "≤", 1, "%")),
        ("产品返修率应不大于1％。", ("返修率", "≤", 1, "%")),
        ("控制质量，返修不得大于1%。", ("返修率", "≤", 1, "%")),
        ("返修率≤1.5%。", ("返修率", "≤", 1.5, "%")),
        ("返修率低于百分之2。", ("返修率", "≤", 2, "%")),
        ("要确保一次修复率在 80%以上。", ("一次修复率", "≥", 80, "%")),
        ("顾客满意度不低于 90 分。", ("满意度", "≥", 90, "分")),
        ("热线接通率达到95%。", ("热线接通率", "=", 95, "%")),
        ("报修响应时限为30分钟以内。", ("报修响应时限", "≤", 30, "分钟")),
        ("应答时限不超过 20 秒。", ("应答时限", "≤", 20, "秒")),
        ("安全使用年限 8 年。", ("安全使用年限", "=", 8, "年")),
        ("投诉解决期限不超过 5 个工作日。", ("投诉解决期限", "≤", 5, "工作日")),
        ("设施的保养周期不超过 3 个月。", ("保养周期", "≤", 3, "月")),
        ("送货时限不超过 2 天。", ("送货时限", "≤", 2, "日")),
        ("演练频次不少于 2 次/年。", ("演练频次", "≥", 2, "次/年")),
        ("培训费用每年不少于投入整个服务经费的2%。", ("培训费用占服务费用比例", "≥", 2, "%")),
        ("培训经费不低于售后服务经费的 2%。", ("培训费用占售后服务费用比例", "≥", 2, "%")),
        ("《报修单》保存 3 年。", ("《报修单》保存期限", "=", 3, "年")),
        ("- 返修率：1%", ("返修率", "=", 1, "%")),
    ],
)
def test_a_sentence_sets_a_figure(text: str, expected: tuple[str, str, float, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "返修率高于 3% 的，停止派工。",
        "当投诉率超过 1% 时，开展专项检查。",
        "奖励兑现率未达到 100%、年流失率高于 12% 或不满意超过 20% 的，提出措施。",
        "如返修率高于 3%，上报。",
        "24 小时内上门。",
        "每年抽查 10 份记录。",
        "完成率不低于 95%。",
        "返修率见 4.2 条。",
        "返修率 1%～3%。",
        "GB/T 27922-2011 规定的返修率。",
        "满意度调查 2 次。",
    ],
)
def test_a_figure_without_a_clear_subject_or_in_a_condition_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_two_figures_of_one_sentence_are_both_found() -> None:
    assert found("返修率不高于 1%，一次修复率不低于 92%。") == [("返修率", "≤", 1, "%"), ("一次修复率", "≥", 92, "%")]


def test_a_table_of_targets_is_read_by_rows() -> None:
    text = "| 序号 | 目标 | 计算 | 目标值 |\n|---|---|---|---|\n| 1 | 返修率 | 返修数÷维修数 | 不高于 1% |\n| 2 | 回访率 | 抽查 | ≥90% |\n"
    assert found(text) == [("返修率", "≤", 1, "%"), ("回访率", "≥", 90, "%")]


def test_the_retention_of_records_is_read_from_their_table() -> None:
    text = "| 记录 | 保存期限 | 保存部门 |\n|---|---|---|\n| 《报修单》 | 3 年 | 服务部 |\n"
    assert found(text) == [("《报修单》保存期限", "=", 3, "年")]


def test_place_and_quote_are_told() -> None:
    item = quantities(parsed("## 目的\n\n甲。返修率不高于 1%。乙。\n"))[0]
    assert (item.section, item.quote, item.line) == ("purpose", "返修率不高于 1%。", 9)


def test_a_form_sets_no_figures() -> None:
    assert found("```form\n返修率: 不高于 1%\n```\n") == []
