"""The flow chart notation (a subset of Mermaid's flowchart) → FlowChart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.errors import InputError, Place
from service.text.model import FlowArrow, FlowChart, FlowLane, FlowNode, Shape

# A decision's braces may hold a variable that is not filled yet.
_NODE = re.compile(
    r"\s*(?P<id>\w+)\s*(?:\(\[(?P<end>[^\[\]]*)\]\)|\[(?P<step>[^\[\]]*)\]|\{(?P<decision>(?:\{\{[^{}]{0,300}\}\}|[^{}])*)\})?\s*",
)
_ARROW = re.compile(r"-->\s*(?:\|(?P<label>[^|]*)\|)?")
_DIRECTION = re.compile(r"(flowchart|graph)\s+(TD|TB)\s*;?")
_LANE = re.compile(r"subgraph\s+(?P<name>[^\[\]]+?)\s*(?:\[(?P<title>[^\[\]]*)\])?")
_SHAPES = {"end": Shape.END, "step": Shape.STEP, "decision": Shape.DECISION}
MOST_NODES, MOST_ARROWS, MOST_LANES = 200, 400, 12
_HELP = "流程图的一行应写成 a[步骤] --> b{判断} 或 a -->|是| b"


@dataclass(slots=True)
class _Sketch:
    """What has been read so far: nodes (or the place of a mention whose text is still to come), arrows, lanes and who stands in which."""

    nodes: dict[str, FlowNode | Place] = field(default_factory=dict)
    arrows: list[FlowArrow] = field(default_factory=list)
    lanes: dict[str, Place] = field(default_factory=dict)
    lane_of: dict[str, str] = field(default_factory=dict)
    lane: str = ""  # the one that is open


def read_flow(text: str, *, file: str = "", line: int = 0) -> FlowChart:
    """The flow chart in a fence that opens on `line`."""
    sketch = _Sketch()
    for number, statement in enumerate(text.split("\n"), line + 1):
        if statement.strip() and not _DIRECTION.fullmatch(statement.strip()):
            _line(statement.strip(), sketch, Place(file, number))
    _whole(sketch, Place(file, line))
    nodes = [node for node in sketch.nodes.values() if isinstance(node, FlowNode)]
    order = list(sketch.lanes)
    nodes.sort(key=lambda node: order.index(sketch.lane_of[node.id]) if order else 0)
    lanes = tuple(FlowLane(title, tuple(node.id for node in nodes if sketch.lane_of[node.id] == title)) for title in order)
    return FlowChart(tuple(nodes), tuple(sketch.arrows), lanes, line=line)


def _line(statement: str, sketch: _Sketch, place: Place) -> None:
    """One line: a lane's beginning or end, or nodes and arrows."""
    lane = _LANE.fullmatch(statement)
    if lane:
        title = _words(lane["name"] if lane["title"] is None else lane["title"])
        if not title or sketch.lane:
            raise InputError(
                "流程图的泳道应写成 subgraph 岗位，步骤各占一行，以 end 结束，泳道中不能再分泳道", code="bad_flow", place=place
            )
        if title in sketch.lanes:
            raise InputError(f"流程图中泳道“{title}”写了两次", code="bad_flow", place=place)
        sketch.lane = title
        sketch.lanes[title] = place
    elif statement == "end" and sketch.lane:
        sketch.lane = ""
    else:
        sketch.arrows.extend(_statement(statement, sketch, place))


def _whole(sketch: _Sketch, place: Place) -> None:
    """Refuses what can only be seen at the end: words missing, a lane left open, steps outside the lanes, too much of it."""
    if sketch.lane:
        raise InputError(f"流程图中泳道“{sketch.lane}”没有以 end 结束", code="bad_flow", place=sketch.lanes[sketch.lane])
    for name, node in sketch.nodes.items():
        if isinstance(node, Place):
            raise InputError(f"流程图中的 {name} 没有写文字", code="unknown_node", place=node)
        if sketch.lanes and name not in sketch.lane_of:
            raise InputError(f"流程图分了泳道，“{node.text}”却不在任何泳道中", code="bad_flow", place=place)
    for title, start in sketch.lanes.items():
        if title not in sketch.lane_of.values():
            raise InputError(f"流程图中泳道“{title}”没有步骤", code="bad_flow", place=start)
    if not sketch.nodes:
        raise InputError("流程图是空的", code="empty_flow", place=place)
    if len(sketch.nodes) > MOST_NODES or len(sketch.arrows) > MOST_ARROWS or len(sketch.lanes) > MOST_LANES:
        limits = f"{MOST_NODES} 个步骤、{MOST_ARROWS} 个箭头、{MOST_LANES} 条泳道"
        raise InputError(f"一张流程图最多 {limits}，请拆成几张图", code="big_flow", place=place)


def _statement(statement: str, sketch: _Sketch, place: Place) -> Iterator[FlowArrow]:
    """The arrows of one line: a --> b, or a chain a --> b --> c."""
    before, position = _node(statement, 0, sketch, place)
    while position < len(statement):
        arrow = _ARROW.match(statement, position)
        if not arrow:
            raise InputError(_HELP, code="bad_flow", place=place)
        after, position = _node(statement, arrow.end(), sketch, place)
        yield FlowArrow(before, after, (arrow["label"] or "").strip())
        before = after


def _node(statement: str, position: int, sketch: _Sketch, place: Place) -> tuple[str, int]:
    """(id, where the node's words end) of the node at `position`, which is entered into the sketch; it stands in the lane that holds its text."""
    found = _NODE.match(statement, position)
    if not found:
        raise InputError(_HELP, code="bad_flow", place=place)
    name = found["id"]
    written = [(shape, found[group]) for group, shape in _SHAPES.items() if found[group] is not None]
    if not written:
        sketch.nodes.setdefault(name, place)
        return name, found.end()
    shape, words = written[0]
    node = FlowNode(name, _words(words), shape)
    if not node.text:
        raise InputError(f"流程图中的 {name} 没有写文字", code="unknown_node", place=place)
    known = sketch.nodes.get(name)
    if isinstance(known, FlowNode) and known != node:
        raise InputError(f"流程图中的 {name} 写了两种文字：“{known.text}”和“{node.text}”", code="node_redefined", place=place)
    sketch.nodes[name] = node
    if sketch.lane:
        sketch.lane_of.setdefault(name, sketch.lane)
    return name, found.end()


def _words(text: str) -> str:
    """A node's text without Mermaid's optional quotes."""
    words = " ".join(text.split())
    return words[1:-1].strip() if len(words) > 1 and words[0] == words[-1] == '"' else words
