"""How often one address may knock: buckets that fill again, are bounded in number, and are no help to a guesser."""

from __future__ import annotations

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import OTHER
from accounts.served import API, Served, log_in, refused
from service.web.rate import BURST, EVERY, Buckets, address_of


def test_bucket_gives_its_burst_and_then_one_at_a_time() -> None:
    buckets = Buckets(burst=3, every=4)
    assert [buckets.take("a", 0) for _ in range(5)] == [0, 0, 0, 4, 4]
    assert buckets.take("a", 3.5) == 0.5
    assert [buckets.take("a", 4), buckets.take("a", 4)] == [0, 4]


def test_waiting_is_not_made_longer_by_knocking() -> None:
    buckets = Buckets(burst=1, every=10)
    buckets.take("a", 0)
    for second in range(1, 10):
        assert buckets.take("a", second) == 10 - second
    assert buckets.take("a", 10) == 0


def test_one_address_stands_in_nobody_elses_way() -> None:
    buckets = Buckets(burst=1, every=10)
    assert [buckets.take("a", 0), buckets.take("a", 0), buckets.take("b", 0)] == [0, 10, 0]


def test_who_got_in_has_not_spent_a_token() -> None:
    buckets = Buckets(burst=2, every=10)
    for _ in range(20):
        assert buckets.take("office", 0) == 0
        buckets.give_back("office")
    buckets.give_back("unknown")
    assert [buckets.take("office", 0) for _ in range(3)] == [0, 0, 10]


def test_full_buckets_are_forgotten() -> None:
    buckets = Buckets(burst=3, every=4)
    for number in range(100):
        buckets.take(f"a{number}", 0)
    buckets.take("b", 4)
    assert len(buckets) == 1


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 3)), max_size=200))
def test_never_more_addresses_are_kept_than_allowed(knocks: list[tuple[int, float]]) -> None:
    buckets, now = Buckets(burst=2, every=5, addresses=10), 0.0
    for address, span in knocks:
        now += span
        assert buckets.take(str(address), now) <= 5
        assert len(buckets) <= 10


@given(st.lists(st.floats(0, 20), max_size=60))
def test_no_span_gives_more_than_burst_and_refill(spans: list[float]) -> None:
    buckets, now, taken = Buckets(burst=5, every=4), 0.0, list[float]()
    for span in spans:
        now += span
        if buckets.take("a", now) == 0:
            taken.append(now)
    for start in taken:
        assert sum(start <= moment < start + 40 for moment in taken) <= 5 + 10 + 1


ADDRESSES = [
    ("192.0.2.7", "192.0.2.7"),
    ("::ffff:192.0.2.7", "192.0.2.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
    ("2001:db8:1:2::1", "2001:0db8:0001:0002"),
    ("testclient", "testclient"),
]


@pytest.mark.parametrize(("host", "address"), ADDRESSES)
def test_machines_of_one_network_count_as_one(host: str, address: str) -> None:
    assert address_of(Request({"type": "http", "client": (host, 1)})) == address


def test_caller_without_an_address_counts_too() -> None:
    assert address_of(Request({"type": "http", "client": None})) == ""


def test_public_doors_close_for_an_address_that_knocks_too_often(served: Served) -> None:
    client = served.browser()
    for number in range(BURST):
        refused(log_in(client, f"name{number}", "guess"), 401, "login_wrong")
    answer = log_in(client, "bing")
    refused(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= EVERY
    for path, body in (
        ("resets", {"login": "bing"}),
        ("resets/use", {"token": "t", "password": OTHER}),
        ("invitations/accept", {"token": "t", "password": OTHER}),
    ):
        refused(client.post(f"{API}/{path}", json=body), 429, "too_many_requests")
    for path in ("login", "reset", "reset/use", "invitation"):
        assert client.post(f"/{path}", data={"login": "bing"}).status_code == 429


def test_a_whole_office_behind_one_address_logs_in(served: Served) -> None:
    for _ in range(BURST + 3):
        served.logged_in("bing")
