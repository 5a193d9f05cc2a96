"""JSON under /api/v1: the shapes of interfaces.md."""

from __future__ import annotations

from fastapi.testclient import TestClient
from small_manual import DELETED

from web.conftest import COMPANY

AT = "/api/v1/organisations/JC"


def test_organisations_are_listed(client: TestClient) -> None:
    same = {"number_pattern": "{company}/SH-{kind}-{serial:02}", "roles": ["administrator", "document_controller"]}
    assert client.get("/api/v1/organisations").json() == {
        "items": [{"code": code, "name": name} | same for code, name in (("HX", COMPANY), ("JC", "示范甲公司"), ("YI", "示范甲公司"))],
        "next_cursor": None,
    }


def test_organisation_has_its_values_of_a_day(client: TestClient) -> None:
    found = client.get(AT, params={"as_of": "2026-03-01"}).json()
    assert list(found) == ["code", "name", "values"]
    assert found["values"]["company"]["hotline"] == "400-000-0001"
    assert client.get(AT, params={"as_of": "2025-12-31"}).json()["values"]["company"]["hotline"] is None


def test_documents_are_listed_as_the_command_lists_them(client: TestClient) -> None:
    rows = client.get(f"{AT}/documents").json()["items"]
    assert len(rows) == 14
    row = next(row for row in rows if row["number"] == "JC/SH-CX-01")
    assert len(row.pop("fingerprint")) == 64
    assert row == {
        "number": "JC/SH-CX-01",
        "title": "维修服务程序",
        "kind": "procedure",
        "edition": "A",
        "revision_number": 0,
        "label": "A/0",
        "status": "released",
        "effective_on": "2026-02-01",
        "department": "service",
    }


def test_documents_of_a_day_are_those_in_force(client: TestClient) -> None:
    assert client.get(f"{AT}/documents", params={"as_of": "2026-01-31"}).json()["items"] == []
    assert len(client.get(f"{AT}/documents", params={"as_of": "2026-02-01"}).json()["items"]) == 14


def test_document_has_its_revisions_and_text(client: TestClient) -> None:
    found = client.get(f"{AT}/documents/JC/SH-CX-01").json()
    assert {key: found[key] for key in ("number", "kind", "department")} == {
        "number": "JC/SH-CX-01",
        "kind": "procedure",
        "department": "service",
    }
    [revision] = found["revisions"]
    assert {key: revision[key] for key in ("label", "status", "effective_on", "obsolete_on")} == {
        "label": "A/0",
        "status": "released",
        "effective_on": "2026-02-01",
        "obsolete_on": None,
    }
    assert "接到热线 400-000-0001 的报修后" in found["text"]


def test_coverage_has_the_promised_shape(client: TestClient) -> None:
    found = client.get(f"{AT}/coverage", params={"as_of": "2026-03-01"}).json()
    assert (found["standard"], found["on"], len(found["indicators"])) == ("gbt27922-2011", "2026-03-01", 44)
    assert found["totals"] == {"indicators": 44, "covered": 1, "partial": 2, "uncovered": 40, "suspect": 0, "not_applicable": 1}
    rows = {row["code"]: row for row in found["indicators"]}
    assert rows["5.2.2.2"]["justification"] == DELETED
    [claim, *_] = rows["5.2.4.1"]["claims"]
    assert {"document", "label", "section", "quote"} <= set(claim)
    assert claim["quote"] in client.get(f"{AT}/documents/JC/SH-CX-01").json()["text"]


def test_coverage_by_another_standard(client: TestClient) -> None:
    found = client.get(f"{AT}/coverage", params={"standard": "sbt10401-2006"}).json()
    assert found["standard"] == "sbt10401-2006"


def test_answers_hold_nothing_of_another_organisation(client: TestClient) -> None:
    for path in ("documents", "coverage"):
        assert "YI/" not in client.get(f"{AT}/{path}").text
