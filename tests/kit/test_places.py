"""Errors that people read: where, what, and a stable code."""

from __future__ import annotations

import pytest

from service.errors import Conflict, InputError, NotFound, Place, Refused, ServiceError


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("set/repair.md", 7), "set/repair.md:7"),
        (Place("set/repair.md"), "set/repair.md"),
        (Place(line=7), "第 7 行"),
        (Place(), ""),
    ],
)
def test_place_names_file_and_line_as_far_as_known(place: Place, words: str) -> None:
    assert str(place) == words


@pytest.mark.parametrize(("place", "words"), [(Place("a.md", 7), "a.md:7:缺少标题"), (Place(), "缺少标题"), (None, "缺少标题")])
def test_error_says_where_then_what(place: Place | None, words: str) -> None:
    assert str(InputError("缺少标题", place=place)) == words


@pytest.mark.parametrize(
    ("kind", "code"),
    [(ServiceError, "error"), (InputError, "bad_input"), (NotFound, "not_found"), (Refused, "refused"), (Conflict, "conflict")],
)
def test_every_kind_of_error_has_a_code_that_one_error_may_refine(kind: type[ServiceError], code: str) -> None:
    assert kind("甲").code == code
    assert kind("甲", code="other").code == "other"
    assert kind("甲").code == code
