"""Drawings that are kept: within a process, refused ones too, and from one run to the next. Laying out a chart costs more than printing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from functools import lru_cache, partial
from typing import Any, Generic, ParamSpec, cast

from service.book.keep import Keep, kept
from service.book.model import Box, Drawing, Wire
from service.errors import InputError

Given = ParamSpec("Given")


class Remembered(Generic[Given]):
    """A function that draws, with its last `most` answers remembered: a chart that took seconds to be refused is not tried again.

    InputError(code="bad_drawing") for an answer of the layout program without some place, too. What is missing_layout is not remembered: it
    may be installed.
    """

    def __init__(self, draw: Callable[Given, Drawing], most: int) -> None:
        tried = lru_cache(maxsize=most)(partial(_tried, draw))
        self._tried, self.cache_clear = cast(Callable[Given, Drawing | str], tried), tried.cache_clear

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> Drawing:
        found = self._tried(*given, **named)
        if isinstance(found, str):
            raise InputError(found, code="bad_drawing")
        return found


def remembered(most: int) -> Callable[[Callable[Given, Drawing]], Remembered[Given]]:
    return lambda draw: Remembered(draw, most)


def _tried(draw: Callable[Given, Drawing], *given: Given.args, **named: Given.kwargs) -> Drawing | str:
    """The drawing, or the words of its refusal."""
    try:
        return draw(*given, **named)
    except InputError as fault:
        if fault.code == "missing_layout":
            raise
        return fault.message
    except (LookupError, ValueError, ArithmeticError, RecursionError):
        return "图形无法排版。请拆成几张图。"


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
