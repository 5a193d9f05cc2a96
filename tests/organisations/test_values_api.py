"""Values over HTTP: set from a day on by who has seen what is there, refused in words, and never overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from accounts.served import API, Served, refused
from fastapi.testclient import TestClient

from service.db import reading
from service.organisations.queries import find_organisation
from service.trail.queries import entries

VALUES = f"{API}/organisations/JC/values"
HOTLINE, RATE = f"{VALUES}/company.hotline", f"{VALUES}/targets.return_repair_rate"
APRIL = {"value": "400-000-0002", "valid_from": "2026-04-01"}


def put(client: TestClient, path: str, body: Any, if_match: str | None = "*") -> Any:
    return client.put(path, json=body, headers={} if if_match is None else {"if-match": if_match})


def on(client: TestClient, path: str, day: str) -> Any:
    return client.get(path, params={"as_of": day}).json()["value"]


def test_value_is_told_with_what_it_means(served: Served) -> None:
    assert served.logged_in("ding").get(HOTLINE).json() == {
        "name": "company.hotline",
        "label": "服务热线",
        "unit": "",
        "type": "text",
        "value": "400-000-0001",
        "valid_from": "2026-01-01",
        "recorded_at": "2026-01-01T02:00:00Z",
        "recorded_by": "system",
    }


def test_new_value_holds_from_its_day_on(served: Served) -> None:
    client = served.logged_in("bing")
    answer = put(client, HOTLINE, APRIL, client.get(HOTLINE).headers["etag"])
    assert (answer.status_code, answer.json()["value"], answer.json()["recorded_by"]) == (200, "400-000-0002", "bing")
    assert [on(client, HOTLINE, day) for day in ("2026-03-31", "2026-04-01")] == ["400-000-0001", "400-000-0002"]
    known_before = {"as_of": "2026-04-01", "recorded_on": "2026-03-02T01:59:59Z"}
    assert client.get(HOTLINE, params=known_before).json()["value"] == "400-000-0001"
    with reading(served.engine) as session:
        last = entries(session, find_organisation(session, "JC").id)[-1]
    assert (last.action, last.by, last.subject_id) == ("variable:set", "bing", "company.hotline")
    assert last.details == {"value": "400-000-0002", "valid_from": "2026-04-01"}


def test_who_has_not_seen_what_is_there_changes_nothing(served: Served) -> None:
    client = served.logged_in("bing")
    seen = client.get(HOTLINE).headers["etag"]
    refused(put(client, HOTLINE, APRIL, None), 428, "if_match_missing")
    changed = put(client, HOTLINE, APRIL, seen)
    served.clock.move(seconds=1)
    refused(put(client, HOTLINE, {**APRIL, "value": "1"}, seen), 412, "stale")
    assert on(client, HOTLINE, "2026-04-01") == "400-000-0002"
    assert put(client, HOTLINE, {**APRIL, "value": "1"}, changed.headers["etag"]).status_code == 200


def test_same_value_again_changes_nothing(served: Served) -> None:
    client = served.logged_in("bing")
    first, second = (put(client, HOTLINE, APRIL) for _ in range(2))
    assert (second.status_code, second.headers["etag"], second.json()) == (200, first.headers["etag"], first.json())


VALID = [
    ("targets.return_repair_rate", 0.5, 0.5),
    ("company.founded_on", "2015-03-01", "2015-03-01"),
    ("choices.sells_online", True, True),
    ("company.products", ["水壶", "水杯"], ["水壶", "水杯"]),
    ("company.hotline", None, None),
    ("company.hotline", "  ", None),
    ("outlets", [], []),
]


@pytest.mark.parametrize(("name", "value", "kept"), VALID)
def test_each_type_takes_its_values(served: Served, name: str, value: Any, kept: Any) -> None:
    client = served.logged_in("bing")
    answer = put(client, f"{VALUES}/{name}", {"value": value, "valid_from": "2026-04-01"})
    assert (answer.status_code, answer.json()["value"]) == (200, kept)
    assert on(client, f"{VALUES}/{name}", "2026-04-01") == kept


BAD = [
    ("targets.return_repair_rate", "one"),
    ("targets.return_repair_rate", -1),
    ("targets.return_repair_rate", True),
    ("targets.return_repair_rate", 10**400),
    ("targets.return_repair_rate", 1e300),
    ("company.founded_on", "2015-02-30"),
    ("company.founded_on", 2015),
    ("choices.sells_online", "yes"),
    ("company.products", "水壶"),
    ("company.products", ["水壶", 1]),
    ("company.hotline", 400),
    ("company.hotline", "400\x00"),
    ("company.hotline", "4" * 60_001),
    ("company.hotline", {"a": {"b": "c"}}),
    ("outlets", [{"name": "甲站"}]),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda item: str(item)[:30])
def test_value_of_another_kind_is_refused_in_chinese(served: Served, name: str, value: Any) -> None:
    client = served.logged_in("bing")
    words = refused(put(client, f"{VALUES}/{name}", {"value": value, "valid_from": "2026-04-01"}), 422, "bad_value")
    assert name in words


RAW = [b'{"value": "\\ud800"', b'{"value": [{"\\ud800": 1}]', b'{"value": NaN', b'{"value": ' + b"[" * 5000 + b"]" * 5000]


@pytest.mark.parametrize("start", RAW, ids=["surrogate", "surrogate key", "NaN", "deep"])
def test_value_that_no_database_holds_is_refused(served: Served, start: bytes) -> None:
    headers = {"if-match": "*", "content-type": "application/json"}
    answer = served.logged_in("bing").put(HOTLINE, content=start + b', "valid_from": "2026-04-01"}', headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_variable_that_is_none_is_not_found(served: Served) -> None:
    client = served.logged_in("bing")
    for name in ("company.moon", "company", "%01"):
        assert client.get(f"{VALUES}/{name}").status_code == 404
        assert put(client, f"{VALUES}/{name}", APRIL).status_code == 404


def test_who_configures_may_and_others_may_not(served: Served) -> None:
    statuses = {
        login: put(served.logged_in(login), RATE, {"value": 2, "valid_from": "2026-04-01"}).status_code for login in ("zi", "ding", "shen")
    }
    assert statuses == {"zi": 200, "ding": 403, "shen": 403}
