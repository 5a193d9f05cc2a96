"""Measures of text in drawings: how wide a line is, where it breaks, where its baseline stands."""

from __future__ import annotations

from service.book.model import Box, Drawing

LINE = 1.25  # pitch of lines in a box, in font sizes
MIDDLE = 0.37  # height of a line's optical middle (Hanzi and capitals) above its baseline, in font sizes
CLOSING = "，。、；：！？）》」』】〕”’…,.;:!?)]%％"
OPENING = "（《「『【〔“‘(["


def em_width(text: str) -> float:
    """Width of `text` in font sizes: Hanzi and full-width marks one em, everything else about half."""
    return sum(1.0 if ord(char) >= 0x2E80 or char in "“”‘’…—·×" else 0.55 for char in text)


def wrap(text: str, ems: float) -> tuple[str, ...]:
    """`text` in lines of at most `ems`, as even as possible; a Latin word stays whole where it fits a line.

    No line starts with a closing mark or ends with an opening one (such a line may be a little wider than `ems`).
    """
    total = em_width(text)
    if total <= ems:
        return (text.strip(),)
    even = total / -(-total // ems)  # the same count of lines, evenly filled
    for width in (even + 0.3, even + 1, ems):
        lines = _fill(text, min(width, ems))
        if len(lines) <= -(-total // ems):
            return lines
    return _fill(text, ems)


def _fill(text: str, ems: float) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for unit in _units(text, ems):
        if line and em_width(line + unit.rstrip()) > ems + 0.01:
            lines.append(line.strip())
            line = unit.lstrip()
        else:
            line += unit
    return (*lines, line.strip()) if line.strip() else tuple(lines)


def _units(text: str, ems: float) -> list[str]:
    """The pieces between which a line may break."""
    units: list[str] = []
    for char in text:
        if units and _sticks(units[-1], char, ems):
            units[-1] += char
        else:
            units.append(char)
    return units


def _sticks(before: str, char: str, ems: float) -> bool:
    if char in CLOSING or before[-1] in OPENING or char == " ":
        return True
    return _latin(before[-1]) and _latin(char) and em_width(before + char) <= ems


def _latin(char: str) -> bool:
    return "!" <= char < "\u2e80"


def baselines(box: Box, drawing: Drawing) -> tuple[float, ...]:
    """y of each line's baseline, the lines standing in the middle of the box."""
    size = drawing.font_size
    first = box.y + box.height / 2 - (len(box.lines) - 1) * LINE * size / 2 + MIDDLE * size
    return tuple(first + index * LINE * size for index in range(len(box.lines)))
