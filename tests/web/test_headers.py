"""Headers of every answer, and pages that keep to them: no script of their own, no foreign host."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from web.reading import read
from web.test_pages import AT, PAGES

ANSWERS = [*PAGES, "/api/v1/organisations", "/assets/pages.css", "/healthz", "/nothing", "/api/v1/organisations/XX", f"{AT}/coverage.xlsx"]


def policy(client: TestClient, path: str) -> dict[str, list[str]]:
    """The directives of the Content-Security-Policy of an answer."""
    parts = [part.split() for part in client.get(path).headers["content-security-policy"].split(";")]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", ANSWERS)
def test_answer_bears_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    found = policy(client, path)
    assert found["default-src"] == found["script-src"] == found["form-action"] == ["'self'"]
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == ["'none'"]


def test_nothing_but_our_own_host_may_be_loaded_and_no_script_written_into_a_page_runs(client: TestClient) -> None:
    sources = {source for each in policy(client, "/organisations").values() for source in each}
    assert sources == {"'self'", "'none'", "data:", "'unsafe-inline'"}
    allowing = {name for name, sources in policy(client, "/organisations").items() if "'unsafe-inline'" in sources}
    assert allowing == {"style-src-attr"}


def test_refused_request_bears_the_headers_too(client: TestClient) -> None:
    for answer in (client.get("/organisations", headers={"host": "evil.example"}), client.post("/", headers={"origin": "null"})):
        assert answer.status_code in (400, 403)
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_script_or_style_sheet_in_it(client: TestClient, path: str) -> None:
    page = read(client.get(path))
    assert all(each.get("src") or each.get("type") == "application/json" for each in page.all("script"))  # data are no script
    assert page.all("style") == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []


def test_pages_run_no_script_but_our_own_files(client: TestClient) -> None:
    sources = [each["src"] or "" for path in PAGES for each in read(client.get(path)).all("script") if "src" in each]
    assert sources
    assert [source for source in sources if not source.startswith("/assets/")] == []
