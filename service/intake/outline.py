"""A piece's numbered lines → a tree, and the tree → sections, lists and paragraphs of the text format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from service.errors import Place
from service.intake.model import Remark
from service.intake.segments import PROCEDURE, Read, Segment
from service.text.blocks import DEEPEST_LIST
from service.text.inline import inlines
from service.text.model import Block, BulletList, Inlines, ListItem, OrderedList, Paragraph, Section, Text
from service.text.parse import automatic_anchor
from service.text.write_inline import text_markdown

SHORT = 20  # a heading is no longer than this
_SENTENCE = re.compile(r"[，。；：！？,;:]|《[^》]*》")
_ROOT = ("root", 0)
_LISTS = frozenset({"item", "item_parenthesis", "parenthesis", "letter", "circled", "bullet"})


@dataclass(slots=True)
class Node:
    """A numbered line with everything that stands below it, in order."""

    key: tuple[str, int]
    value: int
    mark: str
    text: str
    line: int
    content: list[str | Node] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        return [part for part in self.content if isinstance(part, Node)]

    @property
    def is_heading(self) -> bool:
        """Short, no sentence, and something stands below it."""
        return len(self.text) <= SHORT and not _SENTENCE.search(self.text) and bool(self.content) and self.key[0] != "bullet"


def tree(segment: Segment) -> Node:
    """The tree of a piece; its root is nobody's line."""
    root = Node(_ROOT, 0, "", "", 0)
    stack = [root]
    for read in segment.lines:
        node = _node(read, segment.kind)
        if node is None:
            while stack[-1].key[0] in _LISTS and stack[-1].text.endswith(("。", "；")):  # the list above is finished
                stack.pop()
            stack[-1].content.append(read.line.text)
            continue
        _climb(stack, node.key)
        stack[-1].content.append(node)
        stack.append(node)
        if read.section and read.section[1]:
            node.content.append(read.section[1])
    return root


def _node(read: Read, kind: str) -> Node | None:
    if read.section and kind == PROCEDURE:
        number = read.number
        return Node(("decimal", 1), number.value if number else 0, number.mark if number else "", read.section[0], read.line.number)
    if not read.number:
        return None
    number = read.number
    return Node(number.key, number.value, number.mark, number.text, read.line.number)


def _climb(stack: list[Node], key: tuple[str, int]) -> None:
    """Leaves the levels on which a number of this rank cannot stand: those of its own rank and of deeper ones of its kind, and, for
    a decimal number or an article, all lists of other kinds."""
    ranked = key[0] in ("decimal", "article")
    open_keys = [node.key for node in stack]
    if key in open_keys:
        del stack[open_keys.index(key) :]
        return
    while len(stack) > 1 and ranked and (stack[-1].key[0] != key[0] or stack[-1].key[1] > key[1]):
        if stack[-1].key[0] in ("decimal", "article", "hanzi") and stack[-1].key[0] != key[0]:
            break
        stack.pop()


def number_faults(root: Node) -> Iterator[Remark]:
    """Numbers that stand twice or are left out among neighbours of one rank."""
    for key, group in groupby(root.children, key=lambda node: node.key):
        last: Node | None = None
        for node in group:
            if key[0] != "bullet" and last and node.value and last.value:
                yield from _order_fault(last, node)
            last = node
    for child in root.children:
        yield from number_faults(child)


def _order_fault(last: Node, node: Node) -> Iterator[Remark]:
    if node.value == last.value:
        yield Remark("duplicate_number", node.line, f"{node.mark} {node.text[:SHORT]}", f"编号 {node.mark} 用了两次")
    elif node.value != last.value + 1 and node.value != 1:
        message = f"编号从 {last.mark} 跳到 {node.mark}"
        yield Remark("skipped_number", node.line, f"{node.mark} {node.text[:SHORT]}", message)


def content_of(text: str) -> Inlines:
    """Plain words as runs: nothing in them is a mark, 《…》 are references."""
    return inlines(text_markdown(text), Place())


def sections_of(root: Node) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """(preamble, sections): headings as long as a whole level consists of them, lists and paragraphs below."""
    sections: list[Section] = []
    used: set[str] = set()
    preamble = _fill(root, 0, sections, used)
    return preamble, tuple(sections)


def _fill(node: Node, level: int, sections: list[Section], used: set[str]) -> tuple[Block, ...]:
    """The blocks of a node; its children become sections (appended) where all of them are headings, else lists."""
    children = node.children
    if level == 3 or not children or not all(child.is_heading or (level == 0 and _is_section(child)) for child in children):
        return _blocks(node.content)
    for child in children:
        anchor = automatic_anchor(child.text, level + 1, used)
        used.add(anchor)
        place = len(sections)
        sections.append(Section(anchor, child.text, level + 1, "", (), child.line))
        blocks = _fill(child, level + 1, sections, used)
        sections[place] = Section(anchor, child.text, level + 1, "", blocks, child.line)
    return _blocks([part for part in node.content if isinstance(part, str)])


def _is_section(node: Node) -> bool:
    """A standard section stays one even when it is empty."""
    return not node.content and node.key == ("decimal", 1) and len(node.text) <= 5


def _blocks(content: Sequence[str | Node], depth: int = 0) -> tuple[Block, ...]:
    found: list[Block] = []
    for is_list, group in groupby(content, key=lambda part: part.key if isinstance(part, Node) else None):
        parts = list(group)
        if is_list and depth < DEEPEST_LIST:
            found.append(_list([part for part in parts if isinstance(part, Node)], depth))
        else:
            found.extend(Paragraph(content_of(words)) for part in parts for words in _flat(part))
    return tuple(found)


def _flat(part: str | Node) -> Iterator[str]:
    """Too deep a list as paragraphs that keep their marks."""
    if isinstance(part, str):
        yield part
        return
    yield f"{part.mark} {part.text}"
    for inner in part.content:
        yield from _flat(inner)


def _list(nodes: Iterable[Node], depth: int) -> BulletList | OrderedList:
    nodes = list(nodes)
    items = tuple(ListItem((Paragraph(_head(node)), *_blocks(node.content, depth + 1))) for node in nodes)
    if nodes[0].key[0] == "bullet":
        return BulletList(items)
    return OrderedList(items, start=max(nodes[0].value, 1))


def _head(node: Node) -> Inlines:
    """The first line of an item; a heading among sentences is set in bold."""
    content = content_of(node.text)
    return tuple(Text(item.text, strong=True) if isinstance(item, Text) else item for item in content) if node.is_heading else content
