"""How much there is to draw in an SVG once everything is repeated that refers to something else: a few lines may stand for millions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from service.book.svg_style import local_references

MOST = 20_000
"""Shapes: some seconds of drawing at most; a page that is full of them has a few thousand."""
XLINK = "http://www.w3.org/1999/xlink"
_COVER = {"mask": 200, "clip-path": 20}
"""What is drawn through a stencil needs a canvas of its own."""
_REPEATED = re.compile("marker.*")


def cost(root: etree._Element) -> int:
    """Shapes to draw, up to one more than MOST; also for a drawing that refers to itself in a circle."""
    elements = list(root.iter())
    by_id = {name: each for each in elements if (name := each.get("id"))}
    counting = _Counting(by_id, {}, set())
    everywhere = sum(counting.named(name) for each in elements if _is_style(each) for name in local_references(each.text or ""))
    return min(MOST + 1, counting.of(root) + everywhere * len(elements))


class _Counting:
    """One count: what is known already, and what is being counted at this moment."""

    def __init__(self, by_id: Mapping[str, etree._Element], known: dict[etree._Element, int], under_way: set[etree._Element]) -> None:
        self.by_id, self.known, self.under_way = by_id, known, under_way

    def named(self, name: str) -> int:
        return self.of(self.by_id[name]) if name in self.by_id else 0

    def of(self, element: etree._Element) -> int:
        if element in self.under_way:
            return MOST + 1
        if element not in self.known:
            self.under_way.add(element)
            self.known[element] = min(MOST + 1, self._counted(element))
            self.under_way.discard(element)
        return self.known[element]

    def _counted(self, element: etree._Element) -> int:
        inside = 1 + _length(element) + sum(self.of(child) for child in element)
        target = element.get(f"{{{XLINK}}}href", "").removeprefix("#")
        if target:
            inside += self.named(target)
        painted = 1
        for name, value in _values(element):
            referred = sum(self.named(each) for each in local_references(value))
            if name in _COVER:
                inside += referred + (_COVER[name] if referred else 0)
            elif referred:
                painted += referred * (_corners(element) if _REPEATED.match(name) else 1)
        return inside * painted


def _values(element: etree._Element) -> list[tuple[str, str]]:
    """Attributes, and the declarations of the style attribute as if they were."""
    styled = (each.partition(":") for each in element.get("style", "").split(";"))
    return [*((str(name), str(value)) for name, value in element.attrib.items()), *((name, value) for name, _, value in styled)]


def _length(element: etree._Element) -> int:
    """What a long line and a long text cost beside one shape."""
    words = (element.text or "").strip() + "".join((child.tail or "").strip() for child in element)
    return len(element.get("d", "") + element.get("points", "")) // 400 + len(words) // 2


def _corners(element: etree._Element) -> int:
    """At most so many corners has a line: each may bear a marker."""
    return 2 + len(re.findall(r"[A-Za-z]|\d+", element.get("d", "") + element.get("points", "")))


def _is_style(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == "style"
