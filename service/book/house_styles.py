"""The styles of a Word template as Word resolves them: a style, those it is based on, the document's defaults. By lxml, without a renderer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DEEPEST = 20  # styles that are based on each other in a circle end here
NATURAL = 1.3  # height of a single line of 宋体, in sizes
_COLOUR = re.compile("[0-9A-Fa-f]{6}")


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def value(parent: etree._Element | None, name: str, attribute: str = "val") -> str:
    """The attribute of a child, empty if there is none."""
    found = None if parent is None else parent.find(w(name))
    return "" if found is None else found.get(w(attribute), "")


@dataclass(frozen=True, slots=True)
class Found:
    """What a style says, sizes in points; None where neither it nor what it is based on says anything."""

    style: str
    size: float | None = None
    pitch: float | None = None
    above: float | None = None
    below: float | None = None
    bold: bool | None = None
    colour: str | None = None
    align: str | None = None
    indent: int | None = None
    hanzi: str | None = None
    latin: str | None = None


@dataclass(slots=True)
class Sheet:
    """A template's style sheet. `grid`: pitch in points of the page's line grid, 0 without one."""

    styles: Mapping[str, etree._Element]
    defaults: tuple[etree._Element, ...]
    fonts: Mapping[str, str]
    colours: Mapping[str, str]
    grid: float = 0
    used: Mapping[str, int] = field(default_factory=dict)

    def name(self, id_: str) -> str:
        return plain_name(value(self.styles.get(id_), "name"))

    def chain(self, id_: str, part: str) -> Iterator[etree._Element]:
        """The w:pPr or w:rPr of a style, of those it is based on, and of the defaults, nearest first."""
        for _ in range(_DEEPEST):
            style = self.styles.get(id_)
            if style is None:
                break
            found = style.find(w(part))
            if found is not None:
                yield found
            id_ = value(style, "basedOn")
        for default in self.defaults:
            found = default.find(w(part))
            if found is not None:
                yield found

    def said(self, id_: str, part: str, name: str, attribute: str = "val") -> str | None:
        """The nearest attribute; None if nobody says anything."""
        for properties in self.chain(id_, part):
            element = properties.find(w(name))
            if element is not None and element.get(w(attribute)) is not None:
                return element.get(w(attribute))
        return None

    def found(self, id_: str) -> Found:
        """Everything that matters to us of a paragraph style."""
        size = _half_points(self.said(id_, "rPr", "sz"))
        pitch = self._pitch(id_, size)
        return Found(
            self.name(id_),
            size,
            pitch,
            self._space(id_, "before", pitch),
            self._space(id_, "after", pitch),
            self._bold(id_),
            self._colour(id_),
            _ALIGNS.get(self.said(id_, "pPr", "jc") or ""),
            self._indent(id_, size),
            self._face(id_, "eastAsia"),
            self._face(id_, "ascii"),
        )

    def _pitch(self, id_: str, size: float | None) -> float | None:
        line = _number(self.said(id_, "pPr", "spacing", "line"))
        if line is None or size is None:
            return None
        if self.said(id_, "pPr", "spacing", "lineRule") in ("exact", "atLeast"):
            return line / 20
        single = self.grid * ceil(size * NATURAL / self.grid) if self.grid else size * NATURAL
        return round(single * line / 240 * 2) / 2

    def _space(self, id_: str, side: str, pitch: float | None) -> float | None:
        lines = _number(self.said(id_, "pPr", "spacing", f"{side}Lines"))
        if lines is not None and pitch is not None:
            return lines / 100 * pitch
        points = _number(self.said(id_, "pPr", "spacing", side))
        return None if points is None else points / 20

    def _bold(self, id_: str) -> bool | None:
        for properties in self.chain(id_, "rPr"):
            element = properties.find(w("b"))
            if element is not None:
                return element.get(w("val"), "true") not in ("0", "false", "off")
        return None

    def _colour(self, id_: str) -> str | None:
        for properties in self.chain(id_, "rPr"):
            element = properties.find(w("color"))
            if element is not None:
                said = element.get(w("val"), "")
                themed = self.colours.get(element.get(w("themeColor"), ""), "")
                return next((each.upper() for each in (said, themed) if _COLOUR.fullmatch(each)), "000000")
        return None

    def _indent(self, id_: str, size: float | None) -> int | None:
        chars = _number(self.said(id_, "pPr", "ind", "firstLineChars"))
        points = _number(self.said(id_, "pPr", "ind", "firstLine"))
        if chars is not None:
            return round(chars / 100)
        return None if points is None or not size else round(points / 20 / size)

    def _face(self, id_: str, slot: str) -> str | None:
        """A face by its name, or the template's own for headings or text; whichever the nearest style says."""
        for properties in self.chain(id_, "rPr"):
            element = properties.find(w("rFonts"))
            if element is not None:
                named = element.get(w(f"{slot}Theme"))
                face = self.fonts.get(named or "") or element.get(w(slot))
                if face:
                    return plain_name(face)
        return None


_ALIGNS = {"center": "center", "left": "left", "start": "left", "right": "right", "end": "right", "both": "left", "distribute": "left"}


def plain_name(text: str) -> str:
    """A name from a foreign file, fit to be shown and written: one line, not long."""
    return "".join(char for char in text if char.isprintable() and char not in "<>\"'\\")[:40].strip()


def _number(text: str | None) -> float | None:
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 32000 else None


def _half_points(text: str | None) -> float | None:
    found = _number(text)
    return None if found is None else found / 2
