"""Drawings as typst source: native shapes, so that PDF text can be selected and lines stay lines."""

from __future__ import annotations

from collections.abc import Callable

from service.book.drawing_shapes import STROKE, Points, arrow_head, diamond, number
from service.book.drawing_text import baselines
from service.book.model import Box, Drawing, Wire
from service.book.theme import Theme
from service.book.typst_text import families, string

# No quarter em between Hanzi and Latin: browsers and Word, which draw the same picture as SVG, know none there.
# drect, dpoly, dline, dtext: placed from the drawing's top left corner; baselines are exact because a line's box has no height
PRELUDE = """
#let dstroke = {stroke}pt + rgb("#{accent}")
#let drect(x, y, w, h, r, f) = place(dx: x * 1pt, dy: y * 1pt, rect(width: w * 1pt, height: h * 1pt, radius: r * 1pt, stroke: dstroke,
  fill: f))
#let dpoly(f, s, ..p) = place(polygon(fill: f, stroke: s, ..p.pos().map(q => (q.at(0) * 1pt, q.at(1) * 1pt))))
#let dline(p0, ..p) = place(curve(stroke: dstroke, curve.move((p0.at(0) * 1pt, p0.at(1) * 1pt)),
  ..p.pos().map(q => curve.line((q.at(0) * 1pt, q.at(1) * 1pt)))))
#let dtext(x, y, w, t) = place(dx: x * 1pt - 300pt, dy: y * 1pt, block(width: 600pt, align(center, text(weight: w, t))))
#let drawing(w, h, size, body) = box(width: w * 1pt, height: h * 1pt, {{
  set text(font: ({families}), size: size * 1pt, cjk-latin-spacing: none, top-edge: "baseline", bottom-edge: "baseline")
  set par(leading: 0pt, spacing: 0pt, justify: false, first-line-indent: 0pt)
  body
}})
"""


def drawing_prelude(theme: Theme) -> str:
    """Definitions that `drawing_source` needs, once per typst source."""
    return PRELUDE.format(stroke=number(STROKE), accent=theme.accent, families=families(theme.faces.sans_families))


def drawing_source(drawing: Drawing, theme: Theme) -> str:
    """A typst expression (code mode) that sets `drawing` as an inline box of its size."""
    parts = [_box(lane, drawing, theme) for lane in drawing.lanes]
    parts += [_wire(wire, theme) for wire in drawing.wires]
    parts += [_box(box, drawing, theme) for box in drawing.boxes]
    body = "\n".join(parts)
    return f"drawing({number(drawing.width)}, {number(drawing.height)}, {number(drawing.font_size)}, {{\n{body}\n}})"


def page_source(drawing: Drawing, theme: Theme) -> str:
    """A typst source of one page of the drawing's size."""
    return f"#set page(width: auto, height: auto, margin: 0pt)\n{drawing_prelude(theme)}\n#page({drawing_source(drawing, theme)})\n"


def _box(box: Box, drawing: Drawing, theme: Theme) -> str:
    fill = f'rgb("#{theme.shade}")' if box.emphasis else "white"
    weight = '"bold"' if box.emphasis else '"regular"'
    middle = number(box.x + box.width / 2)
    lines = [f"dtext({middle}, {number(y)}, {weight}, {string(line)})" for line, y in zip(box.lines, baselines(box, drawing), strict=True)]
    return "\n".join([_SHAPES[box.shape](box, fill), *lines])


def _wire(wire: Wire, theme: Theme) -> str:
    parts = [f"dline({_points(wire.points)})"]
    if wire.arrow:
        parts.append(f'dpoly(rgb("#{theme.accent}"), none, {_points(arrow_head(wire.points))})')
    if wire.label:
        parts.append(f'dtext({number(wire.label_x)}, {number(wire.label_y)}, "regular", {string(wire.label)})')
    return "\n".join(parts)


def _points(points: Points) -> str:
    return ", ".join(f"({number(x)}, {number(y)})" for x, y in points)


def _rectangle(box: Box, fill: str, radius: float = 0) -> str:
    return f"drect({number(box.x)}, {number(box.y)}, {number(box.width)}, {number(box.height)}, {number(radius)}, {fill})"


_SHAPES: dict[str, Callable[[Box, str], str]] = {
    "step": _rectangle,
    "end": lambda box, fill: _rectangle(box, fill, min(box.width, box.height) / 2),
    "decision": lambda box, fill: f"dpoly({fill}, dstroke, {_points(diamond(box))})",
}
