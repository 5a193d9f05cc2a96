"""Geometry that every renderer of a drawing shares: diamonds, arrow heads, number format."""

from __future__ import annotations

from service.book.model import Box

STROKE = 0.75  # line width, points at scale 1
ARROW = 6.0  # length of an arrow head, points at scale 1

Points = tuple[tuple[float, float], ...]


def diamond(box: Box) -> Points:
    """The four corners of a decision, clockwise from the top."""
    middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
    return ((middle_x, box.y), (box.x + box.width, middle_y), (middle_x, box.y + box.height), (box.x, middle_y))


def arrow_head(points: Points) -> Points:
    """The three corners of the head at the end of a polyline."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    distance = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1
    ux, uy = (x1 - x0) / distance, (y1 - y0) / distance
    half = ARROW * 0.38
    back_x, back_y = x1 - ux * ARROW, y1 - uy * ARROW
    return ((x1, y1), (back_x - uy * half, back_y + ux * half), (back_x + uy * half, back_y - ux * half))


def number(value: float) -> str:
    """At most two decimals, no trailing zeros, no "-0": the same text on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
