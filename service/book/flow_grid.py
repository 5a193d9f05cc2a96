"""Where a flow chart's nodes stand: layers from top to bottom, the main path in the first column, branches to its right. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from service.text.model import FlowChart


@dataclass(frozen=True, slots=True)
class Place:
    layer: int
    column: int


def arranged(chart: FlowChart) -> dict[str, Place]:
    """A place for every node; no two share one. An arrow to an earlier node (in the order of mention) is a return."""
    layers = _layers(chart)
    columns = _columns(chart, layers)
    return {node.id: Place(layers[node.id], columns[node.id]) for node in chart.nodes}


def forward(chart: FlowChart) -> dict[str, list[str]]:
    """Each node's targets that are mentioned after it, in the order of its arrows."""
    order = {node.id: position for position, node in enumerate(chart.nodes)}
    targets: dict[str, list[str]] = {node.id: [] for node in chart.nodes}
    for arrow in chart.arrows:
        if order[arrow.start] < order[arrow.end]:
            targets[arrow.start].append(arrow.end)
    return targets


def _layers(chart: FlowChart) -> dict[str, int]:
    """The longest way from a beginning, so that every forward arrow leads downwards."""
    layers = dict.fromkeys((node.id for node in chart.nodes), 0)
    targets = forward(chart)
    for node in chart.nodes:  # in the order of mention, which is an order of all forward arrows
        for target in targets[node.id]:
            layers[target] = max(layers[target], layers[node.id] + 1)
    return layers


def _depths(chart: FlowChart, targets: dict[str, list[str]]) -> dict[str, int]:
    """How many layers still follow below each node."""
    depths: dict[str, int] = {}
    for node in reversed(chart.nodes):
        depths[node.id] = max((depths[target] + 1 for target in targets[node.id]), default=0)
    return depths


def _columns(chart: FlowChart, layers: dict[str, int]) -> dict[str, int]:
    """The longest branch goes on in its parent's column; every other one takes the first column on the right that is free."""
    targets = forward(chart)
    depths = _depths(chart, targets)
    taken: set[tuple[int, int]] = set()
    columns: dict[str, int] = {}

    def put(node: str, wanted: int) -> None:
        column = wanted
        while (layers[node], column) in taken:
            column += 1
        columns[node] = column
        taken.add((layers[node], column))
        children = [target for target in targets[node] if target not in columns]
        main = max(children, key=lambda target: depths[target], default=None)
        if main is not None:
            put(main, column)
        for child in children:
            if child not in columns:
                put(child, column + 1)

    for node in chart.nodes:
        if node.id not in columns:
            put(node.id, 0)
    return columns
