"""How large a flow chart's boxes are: their texts in lines, with room for the shape around them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.book.drawing_text import LINE, em_width, wrap
from service.text.model import FlowChart, FlowNode, Shape

SIZE = 9.5  # points of the text
PITCH = SIZE * LINE
LEAST = 8.0  # ems of the narrowest step


@dataclass(frozen=True, slots=True)
class Measure:
    """A box's text and size, points."""

    lines: tuple[str, ...]
    width: float
    height: float


def measures(chart: FlowChart, ems: float) -> Mapping[str, Measure]:
    """The size of every box; texts in lines of at most `ems`, all steps equally wide."""
    lines = {node.id: wrap(node.text, _room(node, ems)) for node in chart.nodes}
    steps = [max(map(em_width, lines[node.id])) for node in chart.nodes if node.shape is not Shape.DECISION]
    titles = [min(em_width(lane.title), ems) for lane in chart.lanes]
    width = max([LEAST, *steps, *titles]) * SIZE + 12
    return {node.id: _measure(node, lines[node.id], width) for node in chart.nodes}


def _room(node: FlowNode, ems: float) -> float:
    """A decision of up to two lines is short and wide, a longer one has longer lines."""
    if node.shape is not Shape.DECISION:
        return ems
    return ems * 0.75 if em_width(node.text) <= ems * 1.5 else ems


def _measure(node: FlowNode, lines: tuple[str, ...], width: float) -> Measure:
    high = len(lines) * PITCH
    if node.shape is not Shape.DECISION:
        return Measure(lines, width, high + 11)
    wide = max(map(em_width, lines)) * SIZE
    height = 35.0 if len(lines) == 1 else high * 1.9 + 6
    return Measure(lines, max(wide / (1 - (high - 3) / height) + 4, 84), height)
