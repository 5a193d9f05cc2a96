"""The two notations: flow charts and record forms."""

from __future__ import annotations

import pytest

from service.errors import InputError
from service.text.flow import read_flow
from service.text.form import read_form
from service.text.model import Band, Column, Entry, Fields, FlowArrow, FlowNode, Grid, Shape, Signatures


def test_shapes_and_labels_are_read() -> None:
    chart = read_flow("a([报修]) --> b[登记《报修单》]\nb --> c{在保?}\nc -->|是| d[免费]\n")
    assert chart.nodes == (
        FlowNode("a", "报修", Shape.END),
        FlowNode("b", "登记《报修单》", Shape.STEP),
        FlowNode("c", "在保?", Shape.DECISION),
        FlowNode("d", "免费", Shape.STEP),
    )
    assert chart.arrows == (FlowArrow("a", "b"), FlowArrow("b", "c"), FlowArrow("c", "d", "是"))


def test_a_chain_is_several_arrows() -> None:
    assert read_flow("a[甲] --> b[乙] -->|好| c[丙]").arrows == (FlowArrow("a", "b"), FlowArrow("b", "c", "好"))


def test_a_node_may_be_named_before_its_text_is_written() -> None:
    chart = read_flow("a[甲] --> b\nb[乙] --> a")
    assert [node.id for node in chart.nodes] == ["a", "b"]


def test_the_same_text_may_be_written_twice() -> None:
    assert len(read_flow("a[甲] --> b[乙]\na[甲] --> c[丙]").nodes) == 3


@pytest.mark.parametrize("line", ["flowchart TD", "graph TB"])
def test_mermaid_s_first_line_is_allowed(line: str) -> None:
    assert len(read_flow(f"{line}\na[甲]").nodes) == 1


def test_quotes_and_variables_may_stand_in_a_node() -> None:
    nodes = read_flow('a["甲"] --> b{在 {{ targets.days }} 日内?}').nodes
    assert [node.text for node in nodes] == ["甲", "在 {{ targets.days }} 日内?"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a[甲] --> b", "unknown_node", 11),
        ("a[甲] --> b[乙]\na[丙] --> b", "node_redefined", 12),
        ("a[甲] --> b[乙]\nb{乙} --> a", "node_redefined", 12),
        ("a[甲] -> b[乙]", "bad_flow", 11),
        ("a[甲] -->", "bad_flow", 11),
        ("-- 甲 --", "bad_flow", 11),
        ("a[甲 --> b[乙]", "bad_flow", 11),
        ("a[]", "unknown_node", 11),
        ("\n\n", "empty_flow", 10),
    ],
)
def test_a_broken_flow_chart_is_refused_on_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_flow(text, file="a.md", line=10)
    assert (caught.value.code, caught.value.place and caught.value.place.line) == (code, line)


def test_all_rows_of_a_form_are_read() -> None:
    form = read_form(
        "# 顾客\n姓名: _ | 电话：_\n故障: _3\n方式: □上门 □送修\n[ 序号 1 | 零件名称 3 | 数量 ] x 5\n签字: 维修员 | 顾客 | 日期\n"
    )
    assert form.rows == (
        Band("顾客"),
        Fields((Entry("姓名"), Entry("电话"))),
        Fields((Entry("故障", lines=3),)),
        Fields((Entry("方式", printed="□上门 □送修"),)),
        Grid((Column("序号", 1), Column("零件名称", 3), Column("数量")), 5),
        Signatures(("维修员", "顾客", "日期")),
    )


def test_a_column_s_width_is_a_number_after_the_last_space() -> None:
    assert read_form("[ 第 2 次 1.5 | 型号A3 ] × 2").rows == (Grid((Column("第 2 次", 1.5), Column("型号A3")), 2),)


@pytest.mark.parametrize(
    "text",
    [
        "姓名",
        "姓名:",
        ": _",
        "姓名: _ | ",
        "#",
        "[ a | b ]",
        "[ a | | b ] x 3",
        "[ a ] x 0",
        "[ a ] x 500",
        "故障: _99",
        "签字: 甲 |",
        "[ a 0 ] x 1",
    ],
)
def test_a_broken_form_row_is_refused_on_its_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_form(f"# 甲\n{text}", line=3)
    assert (caught.value.code, caught.value.place and caught.value.place.line) == ("bad_form", 5)


def test_an_empty_form_is_refused() -> None:
    with pytest.raises(InputError, match="空"):
        read_form("\n")
