"""Flow charts: a vertical spine, side branches to the right, joins and returns on orthogonal wires."""

from __future__ import annotations

from service.book.drawing_text import wrap
from service.book.model import Box, Drawing, Wire
from service.text.model import FlowChart, Shape

WIDTH, GAP_X, GAP_Y, LINE, SIZE = 128.0, 26.0, 22.0, 13.0, 9.5


def draw_flow(chart: FlowChart, *, width: float) -> Drawing:
    """Boxes in layers by the longest way from the start; wires between neighbouring layers or around the side."""
    del width
    order = {node.id: position for position, node in enumerate(chart.nodes)}
    forward = [a for a in chart.arrows if order[a.start] < order[a.end]]
    layer = {node.id: 0 for node in chart.nodes}
    for node in chart.nodes:
        for arrow in forward:
            if arrow.start == node.id:
                layer[arrow.end] = max(layer[arrow.end], layer[node.id] + 1)
    column: dict[str, int] = {}
    taken: dict[int, int] = {}
    for node in chart.nodes:
        column[node.id] = taken.get(layer[node.id], 0)
        taken[layer[node.id]] = column[node.id] + 1
    y, tops = 0.0, {}
    heights = {}
    for level in range(max(layer.values()) + 1):
        members = [n for n in chart.nodes if layer[n.id] == level]
        for n in members:
            lines = wrap(n.text, 8 if n.shape is Shape.DECISION else 12)
            heights[n.id] = len(lines) * LINE + (26 if n.shape is Shape.DECISION else 10)
        for n in members:
            tops[n.id] = y
        y += max(heights[n.id] for n in members) + GAP_Y
    x = {n.id: 20 + column[n.id] * (WIDTH + GAP_X) for n in chart.nodes}
    boxes = tuple(
        Box(x[n.id], tops[n.id], WIDTH, heights[n.id], wrap(n.text, 8 if n.shape is Shape.DECISION else 12), n.shape.value)
        for n in chart.nodes
    )
    wires = []
    for arrow in chart.arrows:
        sx, sy = x[arrow.start] + WIDTH / 2, tops[arrow.start] + heights[arrow.start]
        ex, ey = x[arrow.end] + WIDTH / 2, tops[arrow.end]
        if ey > sy:
            mid = ey - GAP_Y / 2
            points = ((sx, sy), (sx, mid), (ex, mid), (ex, ey)) if sx != ex else ((sx, sy), (ex, ey))
            wires.append(Wire(points, True, arrow.label, sx + 8, sy + 9))
        else:
            left, middle = x[arrow.start], tops[arrow.start] + heights[arrow.start] / 2
            target = tops[arrow.end] + heights[arrow.end] / 2
            wires.append(Wire(((left, middle), (8, middle), (8, target), (x[arrow.end], target)), True, arrow.label, left - 10, middle - 5))
    return Drawing(20 + max(taken.values()) * (WIDTH + GAP_X), y - GAP_Y + 2, boxes, tuple(wires), SIZE)
