"""Flow charts and organisation charts as drawn: nothing runs through a box, all text is there, every process draws the same."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from book.books import HOSTILE
from service.book.drawing_chart import MOST, ChartNode, draw_organisation
from service.book.drawing_flow import SMALL, draw_flow
from service.book.drawing_svg import to_svg
from service.book.drawing_text import MIDDLE, em_width
from service.book.elk import lay_out, release
from service.book.flow_boxes import SIZE
from service.book.flow_graph import LABEL
from service.book.flow_score import runs_through, sound
from service.book.model import Box, Drawing, Wire
from service.book.theme import FORMAL
from service.errors import InputError
from service.text.flow import read_flow
from service.text.model import FlowArrow, FlowChart, FlowNode, Shape

DOCS = Path(__file__).parents[2] / "templates" / "docs"
WIDTH, HEIGHT = FORMAL.text_width, FORMAL.text_height * 0.9


def drawn(chart: FlowChart) -> Drawing:
    return draw_flow(chart, width=WIDTH, height=HEIGHT)


def shipped() -> Iterator[object]:
    """Every chart of the templates, its values and choices left out."""
    for file in sorted(DOCS.rglob("*.md")):
        if file.name == "README.md":
            continue
        for number, part in enumerate(file.read_text(encoding="utf-8").split("```flow\n")[1:]):
            lines = [line for line in part.split("```")[0].split("\n") if not line.startswith("{%")]
            if not any("{%" in line for line in lines):
                yield pytest.param("\n".join(lines), id=f"{file.parent.name}-{file.stem}-{number}")


def label_box(wire: Wire) -> Box:
    """The room that a wire's label takes."""
    width = em_width(wire.label) * SIZE
    return Box(wire.label_x - width / 2, wire.label_y - MIDDLE * SIZE - LABEL / 2, width, LABEL, (wire.label,))


@pytest.mark.parametrize("text", list(shipped()))
def test_no_wire_of_a_shipped_chart_runs_through_a_box_or_a_label(text: str) -> None:
    try:
        chart = read_flow(text)
    except InputError:
        pytest.skip("两种选择的写法并存")
    drawing = drawn(chart)
    assert sound(drawing)
    labels = [label_box(wire) for wire in drawing.wires if wire.label]
    assert not [label.lines for label in labels for wire in drawing.wires if runs_through(wire, label)]
    assert min(1, WIDTH / drawing.width, HEIGHT / drawing.height) * drawing.font_size >= 8


NODES = st.integers(1, 9).flatmap(lambda count: st.tuples(*[st.sampled_from(list(Shape))] * count))


@st.composite
def charts(draw: st.DrawFn) -> FlowChart:
    nodes = tuple(FlowNode(f"n{number}", f"第 {number} 步办理", shape) for number, shape in enumerate(draw(NODES)))
    names = st.sampled_from([node.id for node in nodes])
    arrows = draw(st.lists(st.builds(FlowArrow, names, names, st.sampled_from(["", "是", "退回修改"])), max_size=12))
    return FlowChart(nodes, tuple(arrows))


CROWDED = FlowChart(
    tuple(FlowNode(f"n{number}", "办理", shape) for number, shape in enumerate((Shape.STEP, Shape.DECISION, Shape.STEP))),
    tuple(FlowArrow(f"n{start}", f"n{end}", "") for start, end in ((0, 1), (1, 0), (1, 1), (1, 2), (1, 2))),
)
"""More wires at one diamond than it has corners."""


@settings(max_examples=60, deadline=None)
@given(charts())
@example(CROWDED)
def test_no_wire_of_any_chart_runs_through_a_box(chart: FlowChart) -> None:
    drawing = drawn(chart)
    assert sound(drawing)
    assert ["".join(box.lines) for box in drawing.boxes] == [node.text for node in chart.nodes]
    assert [wire.label for wire in drawing.wires] == [arrow.label for arrow in chart.arrows]


LANES = "subgraph 热线客服\na([报修]) --> b{能解决？}\nend\nsubgraph 维修工程师\nc[上门]\nend\nb -->|否| c"


def test_lanes_are_drawn_or_named_in_every_box() -> None:
    drawing = drawn(read_flow(LANES))
    words = "".join(line for box in (*drawing.lanes, *drawing.boxes) for line in box.lines)
    assert sound(drawing)
    assert "热线客服" in words
    assert "维修工程师" in words


def test_two_hundred_steps_are_drawn() -> None:
    chart = read_flow("\n".join(f"a{number}[步骤] --> a{number + 1}[步骤]" for number in range(199)))
    assert len(drawn(chart).boxes) == 200
    with pytest.raises(InputError, match="最多"):
        read_flow("\n".join(f"a{number}[步骤]" for number in range(201)))


def _tangle(boxes: int, arrows: int) -> FlowChart:
    """Every box with arrows to many others."""
    pairs = [(start, (start + step) % boxes) for step in range(1, boxes) for start in range(boxes)]
    nodes = tuple(FlowNode(f"n{number}", f"第{number}步") for number in range(boxes))
    return FlowChart(nodes, tuple(FlowArrow(f"n{start}", f"n{end}") for start, end in pairs[:arrows]))


@pytest.mark.parametrize(("boxes", "arrows", "times"), [(SMALL, 2 * SMALL + 1, 1), (SMALL, 200, 1), (SMALL + 1, 2 * SMALL + 1, 4)])
def test_chart_of_many_arrows_is_laid_out_few_times(boxes: int, arrows: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its crooked wires are not tried otherwise; and where one layout takes seconds, there is one."""
    tried: list[int] = []

    def laid_out(graph: dict[str, Any]) -> dict[str, Any]:
        tried.append(1)
        bends = [{"x": 10 * place, "y": 10 * (place % 2)} for place in range(1, 7)]
        section = {"sections": [{"startPoint": {"x": 0, "y": 0}, "bendPoints": bends, "endPoint": {"x": 99, "y": 9}}]}
        places = [{"id": child["id"], "x": 100 * place, "y": 0} for place, child in enumerate(graph["children"])]
        edges = [{"id": edge["id"], **section} for edge in graph["edges"]]
        return {"width": 9000, "height": 9000, "children": places, "edges": edges}

    monkeypatch.setattr("service.book.drawing_flow.lay_out", laid_out)
    monkeypatch.setattr("service.book.drawing_flow.others", lambda ways, _index: [ways])
    draw_flow.cache_clear()
    drawn(_tangle(boxes, arrows))
    draw_flow.cache_clear()
    assert len(tried) == times


def test_more_departments_than_can_be_read_are_refused_before_they_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_graph: object) -> object:
        raise AssertionError("laid out")

    monkeypatch.setattr("service.book.drawing_chart.lay_out", never)
    root = ChartNode("总经理", children=tuple(ChartNode(f"第{number}部") for number in range(MOST)))
    with pytest.raises(InputError, match="200 个以上") as fault:
        draw_organisation(root, width=WIDTH)
    assert fault.value.code == "bad_drawing"


def test_hostile_words_are_text() -> None:
    svg = to_svg(drawn(FlowChart((FlowNode("a", HOSTILE), FlowNode("b", "乙")), (FlowArrow("a", "b", HOSTILE),))), FORMAL).decode()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_another_process_draws_the_same() -> None:
    text = "a([报修]) --> b{保修？}\nb -->|是| c[免费]\nb -->|否| d[报价]\nc --> e\nd --> e[回访]\ne --> a"
    code = (
        "import sys; from service.book.drawing_flow import draw_flow; from service.text.flow import read_flow;"
        f"sys.stdout.write(repr(draw_flow(read_flow({text!r}), width={WIDTH!r}, height={HEIGHT!r})))"
    )
    others = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60).stdout.decode() for _ in range(2)]
    assert others == [repr(drawn(read_flow(text)))] * 2


def test_departments_stand_below_the_one_that_they_belong_to() -> None:
    root = ChartNode("总经理", children=(ChartNode("服务部", ("经理",), (ChartNode("热线组"), ChartNode("维修组"))), ChartNode("财务部")))
    boxes = {box.lines[0]: box for box in draw_organisation(root, width=WIDTH).boxes if box.emphasis}
    assert boxes["热线组"].y == boxes["维修组"].y > boxes["服务部"].y == boxes["财务部"].y
    assert boxes["热线组"].x < boxes["服务部"].x + boxes["服务部"].width / 2 < boxes["维修组"].x + boxes["维修组"].width


def test_a_wide_organisation_grows_to_the_right() -> None:
    root = ChartNode("总经理", children=tuple(ChartNode(f"第{number}部") for number in range(30)))
    drawing = draw_organisation(root, width=WIDTH)
    assert len({box.x for box in drawing.boxes}) == 2
    assert drawing.width <= WIDTH


def test_a_graph_is_laid_out_where_an_event_loop_runs() -> None:
    async def within() -> float:
        release()  # so that the engine is made here
        return float(lay_out({"id": "root", "children": [{"id": "a", "width": 20, "height": 10}], "edges": []})["width"])

    assert asyncio.run(within()) > 20
