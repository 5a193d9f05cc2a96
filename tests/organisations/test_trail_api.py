"""The trail over HTTP: newest first, in pages that nothing shifts, for those who may; and reading it is recorded in it."""

from __future__ import annotations

from typing import Any

import pytest
from accounts.served import API, NOW, Served, refused
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

from service.db import reading, writing
from service.organisations.queries import find_organisation
from service.settings import settings
from service.trail.actions import anchor, record_reading
from service.trail.anchors import Anchor, is_genuine, read_public_key
from service.trail.keys import signing_key
from service.trail.queries import entries, verify

TRAIL = f"{API}/organisations/JC/trail"


def page(client: TestClient, **params: Any) -> Any:
    return client.get(TRAIL, params=params).json()


def readings(served: Served) -> list[str]:
    with reading(served.engine) as session:
        return [row.by for row in entries(session, find_organisation(session, "JC").id) if row.action == "trail:read"]


def test_newest_entries_come_first(served: Served) -> None:
    items = page(served.logged_in("shen"))["items"]
    assert [item["position"] for item in items] == list(range(len(items), 0, -1))
    assert items[-1]["action"] == "organisation:create"
    first = next(item for item in items if item["subject_id"] == "shen")
    assert {key: first[key] for key in ("at", "by", "action", "subject", "details")} == {
        "at": "2026-03-02T02:00:00Z",
        "by": "system",
        "action": "member:add",
        "subject": "member",
        "details": {"role": "auditor", "departments": [], "until": "2026-03-31"},
    }
    assert len(first["seal"]) == 64


def test_pages_are_not_shifted_by_what_is_added_meanwhile(served: Served) -> None:
    client, manager = served.logged_in("shen"), served.logged_in("bing")
    whole = [item["position"] for item in page(client)["items"]]
    first = page(client, limit=3)
    manager.post(f"{API}/organisations/JC/members", json={"login": "ding", "role": "reader"})
    second = page(client, limit=500, cursor=first["next_cursor"])
    seen = [item["position"] for item in first["items"] + second["items"]]
    assert seen == [whole[0] + 1, *whole]  # the reading itself was recorded after the first request
    assert second["next_cursor"] is None


def test_entries_about_one_object(served: Served) -> None:
    client = served.logged_in("shen")
    assert {item["subject_id"] for item in page(client, subject_id="bing")["items"]} == {"bing"}
    assert page(client, subject_id="nobody")["items"] == []


@pytest.mark.parametrize(
    "params", [{"cursor": "x"}, {"cursor": "eHl6"}, {"cursor": "LTE"}, {"subject_id": "\x01"}, {"cursor": "OTk5OTk5OTk5OTk5"}]
)
def test_bad_place_is_refused(served: Served, params: dict[str, str]) -> None:
    answer = served.logged_in("shen").get(TRAIL, params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_reading_is_recorded_once_a_day_for_each_person(served: Served) -> None:
    shen, zi = served.logged_in("shen"), served.logged_in("zi")
    for client in (shen, shen, zi, shen):
        assert client.get(TRAIL).status_code == 200
    assert readings(served) == ["shen", "zi"]
    served.clock.move(hours=13, minutes=59)  # 23:59 in Shanghai
    served.logged_in("shen").get(TRAIL)
    assert readings(served) == ["shen", "zi"]
    served.clock.move(minutes=1)
    served.logged_in("shen").get(TRAIL)
    assert readings(served) == ["shen", "zi", "shen"]
    with reading(served.engine) as session:
        assert verify(session, find_organisation(session, "JC").id).position is None


def test_two_readings_at_once_leave_one_entry(served: Served) -> None:
    """Both found none; the second waits for the head of the chain, and looks again."""
    for _ in range(2):
        with writing(served.engine) as session:
            owner = find_organisation(session, "JC")
            record_reading(session, owner.id, "trail", "JC", by="shen", at=NOW, since=NOW)
    assert readings(served) == ["shen"]


def test_program_that_reads_is_recorded_under_its_person(served: Served) -> None:
    assert served.program("shen", "read").get(TRAIL).status_code == 200
    assert readings(served) == ["shen"]


def test_who_may_not_read_it_leaves_no_trace_but_the_refusal(served: Served) -> None:
    for path in (TRAIL, f"{TRAIL}/verify", f"{TRAIL}/anchors"):
        refused(served.logged_in("ding").get(path), 403, "not_allowed")
    assert readings(served) == []


def test_chain_is_verified(served: Served) -> None:
    answer = served.logged_in("shen").get(f"{TRAIL}/verify").json()
    assert (answer["holds"], answer["fault"], answer["position"]) == (True, None, None)
    with reading(served.engine) as session:
        assert answer["count"] == len(entries(session, find_organisation(session, "JC").id))


def test_anchors_are_handed_out_with_the_key_that_checks_them(served: Served) -> None:
    client = served.logged_in("shen")
    assert client.get(f"{TRAIL}/anchors").json() == {"items": [], "next_cursor": None, "public_key": None}
    with writing(served.engine) as session:
        anchor(session, find_organisation(session, "JC").id, "JC", signing_key(settings().data), at=NOW)
    found = client.get(f"{TRAIL}/anchors").json()
    key = read_public_key(found["public_key"].encode())
    [line] = found["items"]
    stated = Anchor(line["organisation"], line["count"], line["seal"], NOW, line["signature"])
    assert is_genuine(stated, key)
    assert client.get(f"{TRAIL}/verify").json()["holds"] is True


def test_anchor_signed_by_somebody_else_is_found_out(served: Served) -> None:
    signing_key(settings().data)
    with writing(served.engine) as session:
        anchor(session, find_organisation(session, "JC").id, "JC", Ed25519PrivateKey.generate(), at=NOW)
    answer = served.logged_in("shen").get(f"{TRAIL}/verify").json()
    assert (answer["holds"], answer["fault"]) == (False, "bad_anchor_signature")


def test_trail_of_another_firm_is_not_seen(served: Served) -> None:
    items = served.logged_in("wang").get(f"{API}/organisations/YI/trail").json()["items"]
    assert {item["subject_id"] for item in items} == {"YI", "wang"}
