"""Jinja2, cut down to what a text may use: names, conditions, loops over lists, comparisons. Everything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from service.errors import InputError, Place
from service.text.sandbox import FILTERS, TESTS

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Test,
    nodes.Filter,
    nodes.CondExpr,
    nodes.List,
    nodes.Tuple,
)
_BROKEN = "{{ }} 或 {% %} 没有写完整，或写法不对"
_TAG = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}")
_BLOCK_LINE = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.MULTILINE)


def parse(closed: SandboxedEnvironment, body: str, place: Callable[[int], Place]) -> nodes.Template:
    """The tree of a body, checked against what a text may use. `place` says where a line of the body is in the file."""
    _check_tags(body, place)
    try:
        tree = closed.parse(_quiet_lines(body))
    except jinja2.TemplateSyntaxError as error:
        raise InputError(_BROKEN, code="bad_template", place=place(_error_line(closed, body))) from error
    for node in _all(tree):
        if fault := _fault(node):
            raise InputError(fault, code="bad_template", place=place(node.lineno))
    return tree


def _check_tags(body: str, place: Callable[[int], Place]) -> None:
    """A tag ends on the line on which it begins, so that a forgotten end is found where it is."""
    for number, line in enumerate(body.split("\n"), 1):
        if "{{" in line or "{%" in line:
            rest = _TAG.sub("", line)
            if "{{" in rest or "{%" in rest:
                raise InputError(_BROKEN, code="bad_template", place=place(number))


def _error_line(closed: SandboxedEnvironment, body: str) -> int:
    """The line of a syntax error in the body as it is written."""
    try:
        closed.parse(body)
    except jinja2.TemplateSyntaxError as error:
        return error.lineno
    return 1


def _quiet_lines(body: str) -> str:
    """Lines that hold only {% … %} leave no line behind: their newline moves into the tag, which keeps the line numbers."""
    return _BLOCK_LINE.sub(lambda found: found.group(1).rstrip()[:-2] + "\n%}", body)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _fault(node: nodes.Node) -> str:
    """What is wrong with a node, or ""."""
    if not isinstance(node, _ALLOWED):
        return f"文件里只能用变量、条件和列表循环，不能用 {type(node).__name__}"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"不能用 |{node.name}"
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return f"不能用 is {node.name}"
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        return f"没有变量 {node.name}"
    if isinstance(node, nodes.For) and node.recursive:
        return "不能用 recursive"
    return ""


def dotted(node: nodes.Node) -> str:
    """`targets.repair_days` for a chain of names, "" for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        base = dotted(node.node)
        return f"{base}.{node.attr}" if base else ""
    return ""


def compiled(closed: SandboxedEnvironment, tree: nodes.Template) -> jinja2.Template:
    """A checked tree as a template that can be rendered many times. Changes the tree."""
    for index, node in enumerate(tree.body):
        tree.body[index] = _marked(node)
    tree.set_environment(closed)
    return jinja2.Template.from_code(closed, closed.compile(tree, filename="<text>"), {})


def _marked(node: nodes.Node) -> nodes.Node:
    """Name and line put beside every chain of names and every printed expression, so that a fault can be told exactly."""
    name = dotted(node)
    if name:
        return _with("_known", node, name)
    if isinstance(node, nodes.Test) and node.name == "defined":
        return node
    bound = {"target"} if isinstance(node, nodes.For) else set()
    for field, value in list(node.iter_fields(exclude=bound)):
        if isinstance(value, list):
            setattr(node, field, [_marked(item) if isinstance(item, nodes.Node) else item for item in value])
        elif isinstance(value, nodes.Node):
            setattr(node, field, _marked(value))
    if isinstance(node, nodes.Getattr):
        return _with("_known", node, node.attr)
    if isinstance(node, nodes.For):
        node.iter = _filter("_steps", node.iter, nodes.Const(node.lineno))
    if isinstance(node, nodes.Output):
        node.nodes = [item if isinstance(item, nodes.TemplateData) else _printed(item) for item in node.nodes]
    return node


def _printed(node: nodes.Expr) -> nodes.Expr:
    """What is printed: its own name if it is a plain name."""
    words = node.args[0] if isinstance(node, nodes.Filter) and node.name == "_known" else nodes.Const("")
    return _filter("_slot", node, words, nodes.Const(node.lineno))


def _with(name: str, node: nodes.Node, words: str) -> nodes.Expr:
    return _filter(name, node, nodes.Const(words), nodes.Const(node.lineno))


def _filter(name: str, node: nodes.Node, *args: nodes.Expr) -> nodes.Expr:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


def names(tree: nodes.Template) -> frozenset[str]:
    """The dotted names that a tree reads; names bound by a loop are not among them."""
    return frozenset(_names(tree, frozenset()))


def _names(node: nodes.Node, bound: frozenset[str]) -> Iterator[str]:
    name = dotted(node)
    if name:
        if name.partition(".")[0] not in bound:
            yield name
    elif isinstance(node, nodes.For):
        yield from _names(node.iter, bound)
        inner = bound | {"loop"} | {target.name for target in _all(node.target) if isinstance(target, nodes.Name)}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _names(child, inner)
    else:
        for child in node.iter_child_nodes():
            yield from _names(child, bound)
