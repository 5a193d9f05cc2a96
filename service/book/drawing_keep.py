"""Drawings that are kept from one run to the next: laying out a chart costs more than printing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from service.book.keep import Keep, kept
from service.book.model import Box, Drawing, Wire


def kept_drawing(keep: Keep | None, made_of: object, make: Callable[[], Drawing]) -> Drawing:
    """The drawing that was made of the same before, or the one that `make` makes now; see `kept`."""
    return kept(keep, made_of, make, _written, _read)


def _written(drawing: Drawing) -> bytes:
    return json.dumps(astuple(drawing), ensure_ascii=False, separators=(",", ":")).encode()


def _read(data: bytes) -> Drawing:
    width, height, boxes, wires, font_size, lanes = json.loads(data)
    return Drawing(width, height, tuple(map(_box, boxes)), tuple(map(_wire, wires)), font_size, tuple(map(_box, lanes)))


def _box(values: list[Any]) -> Box:
    x, y, width, height, lines, shape, emphasis = values
    return Box(x, y, width, height, tuple(lines), shape, emphasis)


def _wire(values: list[Any]) -> Wire:
    points, arrow, label, label_x, label_y = values
    return Wire(tuple((x, y) for x, y in points), arrow, label, label_x, label_y)
