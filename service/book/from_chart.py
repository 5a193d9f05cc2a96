"""A chart of a text → its drawing, or, where it cannot be laid out or read, its notation as a list of steps. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.book.geometry import fit
from service.book.model import Block, Drawing, Figure, Item, Para, Span, Style
from service.errors import InputError
from service.text.model import FlowChart

LEAST = 4.5
"""Points of the smallest type that is still read in print."""


def drawn(make: Callable[[], Drawing], area: tuple[float, float]) -> Drawing | None:
    """The drawing, or None if it cannot be laid out, or could not be read on `area`. What is not installed is a fault of ours: it is raised."""
    try:
        drawing = make()
    except InputError as fault:
        if fault.code == "missing_layout":
            raise
        return None
    width, _ = fit(drawing.width, drawing.height, area)
    return drawing if drawing.font_size * width / drawing.width >= LEAST else None


def chart_blocks(chart: FlowChart, drawing: Drawing | None) -> Iterator[Block]:
    nodes = {node.id: node.text for node in chart.nodes}
    if drawing is not None:
        alt = "；".join(f"{nodes[arrow.start]}→{arrow.label}{nodes[arrow.end]}" for arrow in chart.arrows)
        yield Figure(drawing, f"流程图：{alt}")
        return
    lanes = {name: f"（{lane.title}）" for lane in chart.lanes for name in lane.nodes}
    yield Para((Span("流程图（以文字表示）：", bold=True),), Style.FLUSH, keep_next=True)
    for position, arrow in enumerate(chart.arrows, 1):
        label = f"，{arrow.label}" if arrow.label else ""
        words = f"{nodes[arrow.start]}{lanes.get(arrow.start, '')}{label} → {nodes[arrow.end]}{lanes.get(arrow.end, '')}"
        yield Item(f"{position})", (Span(words),))
    met = {name for arrow in chart.arrows for name in (arrow.start, arrow.end)}
    yield from (Item("——", (Span(f"{node.text}{lanes.get(node.id, '')}"),)) for node in chart.nodes if node.id not in met)
