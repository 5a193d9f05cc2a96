"""The seal of an entry: over every field and the seal before it, so that no change goes unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.trail.rules import START, canonical, seal

words = st.text(max_size=8)
seals = st.text("0123456789abcdef", min_size=64, max_size=64)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
entries = st.tuples(
    seals, st.uuids(), st.integers(1, 999), moments, words, words, words, words, st.dictionaries(words, json_values, max_size=3)
)
NAMES = ("previous", "organisation", "position", "at", "by", "action", "subject", "subject_id", "details")
OTHER: dict[str, st.SearchStrategy[Any]] = {
    "previous": seals,
    "organisation": st.uuids(),
    "position": st.integers(1, 999),
    "at": moments,
    "details": st.dictionaries(words, json_values, max_size=3),
}
Entry = tuple[str, UUID, int, datetime, str, str, str, str, dict[str, Any]]


@given(entries, st.data())
def test_any_change_of_any_field_changes_the_seal(entry: Entry, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    index = NAMES.index(name)
    value = data.draw(OTHER.get(name, words).filter(lambda new: new != entry[index]))
    changed: Any = [*entry[:index], value, *entry[index + 1 :]]
    assert seal(*changed) != seal(*entry)


@given(entries)
def test_seal_is_64_hex_digits_and_the_same_every_time(entry: Entry) -> None:
    sealed = seal(*entry)
    assert len(sealed) == 64
    assert int(sealed, 16) >= 0
    assert seal(*entry) == sealed


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_two_lists_of_fields_never_share_a_canonical_form(one: list[str], other: list[str]) -> None:
    assert (canonical(one) == canonical(other)) is (one == other)


def test_moving_a_character_from_one_field_to_the_next_changes_the_form() -> None:
    assert canonical(["ab", "c"]) != canonical(["a", "bc"])
    assert canonical(["修订", ""]) != canonical(["修", "订"])
    assert canonical(["1:a"]) != canonical(["", "a"])


def test_order_of_details_does_not_matter() -> None:
    with_details = partial(seal, START, UUID(int=1), 1, datetime(2026, 1, 1, tzinfo=UTC), "li", "revision:approve", "document", "HC-01")
    assert with_details({"a": 1, "b": [1, 2]}) == with_details({"b": [1, 2], "a": 1})
    assert with_details({"b": [1, 2]}) != with_details({"b": [2, 1]})
