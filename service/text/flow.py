"""The flow chart notation (a subset of Mermaid's flowchart) → FlowChart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.errors import InputError, Place
from service.text.model import FlowArrow, FlowChart, FlowNode, Shape

# A decision's braces may hold a variable that is not filled yet.
_NODE = re.compile(
    r"\s*(?P<id>\w+)\s*(?:\(\[(?P<end>[^\[\]]*)\]\)|\[(?P<step>[^\[\]]*)\]|\{(?P<decision>(?:\{\{[^{}]{0,300}\}\}|[^{}])*)\})?\s*",
)
_ARROW = re.compile(r"-->\s*(?:\|(?P<label>[^|]*)\|)?")
_DIRECTION = re.compile(r"(flowchart|graph)\s+(TD|TB)\s*;?")
_SHAPES = {"end": Shape.END, "step": Shape.STEP, "decision": Shape.DECISION}
_HELP = "流程图的一行应写成 a[步骤] --> b{判断} 或 a -->|是| b"


def read_flow(text: str, *, file: str = "", line: int = 0) -> FlowChart:
    """The flow chart in a fence that opens on `line`; nodes in the order of first mention."""
    nodes: dict[str, FlowNode | Place] = {}  # a place: mentioned there, text still to come
    arrows: list[FlowArrow] = []
    for number, statement in enumerate(text.split("\n"), line + 1):
        if statement.strip() and not _DIRECTION.fullmatch(statement.strip()):
            arrows.extend(_statement(statement, nodes, Place(file, number)))
    for name, node in nodes.items():
        if isinstance(node, Place):
            raise InputError(f"流程图中的 {name} 没有写文字", code="unknown_node", place=node)
    if not nodes:
        raise InputError("流程图是空的", code="empty_flow", place=Place(file, line))
    return FlowChart(tuple(node for node in nodes.values() if isinstance(node, FlowNode)), tuple(arrows), line=line)


def _statement(statement: str, nodes: dict[str, FlowNode | Place], place: Place) -> Iterator[FlowArrow]:
    """The arrows of one line: a --> b, or a chain a --> b --> c."""
    before, position = _node(statement, 0, nodes, place)
    while position < len(statement):
        arrow = _ARROW.match(statement, position)
        if not arrow:
            raise InputError(_HELP, code="bad_flow", place=place)
        after, position = _node(statement, arrow.end(), nodes, place)
        yield FlowArrow(before, after, (arrow["label"] or "").strip())
        before = after


def _node(statement: str, position: int, nodes: dict[str, FlowNode | Place], place: Place) -> tuple[str, int]:
    """(id, where the node's words end) of the node at `position`, which is entered into `nodes`."""
    found = _NODE.match(statement, position)
    if not found:
        raise InputError(_HELP, code="bad_flow", place=place)
    name = found["id"]
    written = [(shape, found[group]) for group, shape in _SHAPES.items() if found[group] is not None]
    if not written:
        nodes.setdefault(name, place)
        return name, found.end()
    shape, words = written[0]
    node = FlowNode(name, _words(words), shape)
    if not node.text:
        raise InputError(f"流程图中的 {name} 没有写文字", code="unknown_node", place=place)
    known = nodes.get(name)
    if isinstance(known, FlowNode) and known != node:
        raise InputError(f"流程图中的 {name} 写了两种文字：“{known.text}”和“{node.text}”", code="node_redefined", place=place)
    nodes[name] = node
    return name, found.end()


def _words(text: str) -> str:
    """A node's text without Mermaid's optional quotes."""
    words = " ".join(text.split())
    return words[1:-1].strip() if len(words) > 1 and words[0] == words[-1] == '"' else words
