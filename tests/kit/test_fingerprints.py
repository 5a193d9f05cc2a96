"""Fingerprints: the same for the same values, in any process; different for different ones."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kit.fingerprint import file_fingerprint, fingerprint, plain

words = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Apple:
    name: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Pear:
    name: str


@given(values, values)
def test_two_values_share_a_fingerprint_only_if_they_are_spelled_alike(one: Any, other: Any) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (plain_text(one) == plain_text(other))


def plain_text(value: Any) -> str:
    """A spelling that tells types apart and sorts keys, made without JSON."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{plain_text(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(map(plain_text, value)) + "]" if isinstance(value, list) else repr(value)


@given(st.dictionaries(words, values, max_size=4))
def test_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert fingerprint(dict(reversed(value.items()))) == fingerprint(value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("a", "b"), ["a", "b"], True),
        (Colour.RED, "red", True),
        (date(2026, 1, 1), "2026-01-01", True),
        (Apple("甲", 3), Apple("甲", 9), True),
        (Apple("甲"), Apple("乙"), False),
        (Apple("甲"), Pear("甲"), False),
        (Apple("甲"), "甲", False),
        (1, "1", False),
        (None, "", False),
        (["a", "b"], ["b", "a"], False),
        (["ab"], ["a", "b"], False),
    ],
)
def test_what_counts_and_what_does_not(one: object, other: object, same: bool) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same


def test_nested_values_become_json() -> None:
    assert plain((Apple("甲", 3), {1: Colour.RED}, None)) == [["Apple", "甲"], {"1": "red"}, None]


def test_fingerprint_is_the_same_in_another_process() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        theirs = pool.submit(fingerprint, {"b": ["甲", 1.5, None], "a": {"c": True}}).result()
    assert theirs == fingerprint({"a": {"c": True}, "b": ["甲", 1.5, None]})


def test_fingerprint_of_a_file_is_its_sha256() -> None:
    assert file_fingerprint(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
