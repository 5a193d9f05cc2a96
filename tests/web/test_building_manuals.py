"""The manual's page: the form builds and leads to the list; what is downloaded is a stamped copy of what was built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from house import rows_in

from service.kit.fingerprint import file_fingerprint
from web.conftest import log_in_as
from web.dom import send, tree
from web.reading import read

AT = "/organisations/JC/manuals"
MEDIA = {
    "manual.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "manual.pdf": ("application/pdf", b"%PDF"),
    "manual.html": ("text/html; charset=utf-8", b"<!doctype html>"),
}


def submit(client: TestClient, on: str = "2026-03-01", binding: str = "bound") -> None:
    """Fill in the page's own form, send it, watch the build to its end, and follow where it leads."""
    answer = send(client, tree(client.get(AT)), "build", on=on, binding=binding)
    place = answer.headers["location"]
    assert (answer.status_code, place.rsplit("/", 1)[0]) == (303, f"{AT}/building")
    client.get(place.replace("/building/", "/progress/"))  # ends when the build does
    ended = client.get(place)
    assert (ended.status_code, ended.headers["location"].split("#")[0]) == (303, AT)


def downloads(client: TestClient) -> dict[str, str]:
    """Addresses of the copies that the page offers, by their names."""
    links = [link for link in read(client.get(AT)).links if link.startswith(f"{AT}/") and "?" not in link]
    return {link.rsplit("/", 1)[-1]: link for link in links if "." in link}


def test_form_builds_the_manual_and_the_page_lists_its_files(client: TestClient) -> None:
    submit(client)
    page = read(client.get(AT))
    assert all(words in page.words for words in ("2026年3月1日", "manual.docx", "manual.pdf", "manual.html", "28"))
    assert list(downloads(client)) == list(MEDIA)


def test_original_is_the_file_of_the_stored_sha256(client: TestClient) -> None:
    submit(client)
    listed = re.findall(r"[0-9a-f]{64}", read(client.get(AT)).words)
    for (name, link), sha256 in zip(downloads(client).items(), listed, strict=True):
        answer = client.get(link, params={"raw": "1"})
        media, start = MEDIA[name]
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert answer.content.startswith(start)
        assert file_fingerprint(answer.content) == sha256
        assert answer.headers["etag"] == f'"{sha256}"'
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="JC-{name}";')


def test_original_is_offered_to_who_checks_it_only(client: TestClient) -> None:
    submit(client)
    assert len([link for link in read(client.get(AT)).links if link.endswith("?raw=1")]) == len(MEDIA)
    log_in_as(client, "jia")
    assert list(downloads(client)) == list(MEDIA)
    assert "?raw" not in client.get(AT).text


def test_download_is_a_copy_that_says_who_took_it(client: TestClient) -> None:
    submit(client)
    listed = re.findall(r"[0-9a-f]{64}", read(client.get(AT)).words)
    for (name, link), sha256 in zip(downloads(client).items(), listed, strict=True):
        answer = client.get(link)
        assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA[name][0])
        assert answer.content.startswith(MEDIA[name][1])
        assert file_fingerprint(answer.content) != sha256
        assert "etag" not in answer.headers
    assert "非受控 · 下载人 邴三（bing）" in client.get(downloads(client)["manual.html"]).text


def test_same_day_is_built_once(client: TestClient, home: Path) -> None:
    submit(client)
    rows = rows_in(home)
    submit(client)
    assert rows_in(home) == rows


def test_volumes_are_listed_as_such(client: TestClient) -> None:
    submit(client, binding="volumes")
    assert "（分册）" in read(client.get(AT)).words
    assert len(downloads(client)) == 9


def test_file_of_another_organisations_build_is_not_found(client: TestClient) -> None:
    submit(client)
    for link in downloads(client).values():
        assert client.get(link.replace("/JC/", "/YI/")).status_code == 404
    assert "还没有编制过手册" in read(client.get("/organisations/YI/manuals")).words


@pytest.mark.parametrize(
    ("name", "status"),
    [("manual.odt", 404), ("..%2F..%2Fservice-manual.sqlite", 404), ("manual-1.pdf", 404)],
)
def test_file_that_the_build_has_not_is_not_found(client: TestClient, name: str, status: int) -> None:
    submit(client)
    build = downloads(client)["manual.pdf"].rsplit("/", 1)[0]
    assert client.get(f"{build}/{name}").status_code == status


def test_build_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get(f"{AT}/00000000-0000-0000-0000-000000000000/manual.pdf").status_code == 404
    assert client.get(f"{AT}/no-id/manual.pdf").status_code in (404, 422)


def test_refused_build_leaves_no_row_and_no_file(client: TestClient, home: Path) -> None:
    rows = rows_in(home)
    assert client.post(AT, data={"on": "2026-01-31"}).status_code == 422
    assert rows_in(home) == rows
    assert not (home / "data" / "files").exists()


@pytest.mark.parametrize("path", [AT, f"/api/v1{AT}"])
def test_build_needs_the_csrf_token_of_the_session(client: TestClient, home: Path, path: str) -> None:
    rows = rows_in(home)
    headers, said = {"x-csrf-token": "0" * 64}, {"on": "2026-03-01"}
    is_api = path.startswith("/api")
    answer = client.post(path, headers=headers, json=said if is_api else None, data=None if is_api else said)
    assert (answer.status_code, "csrf_missing" in answer.text) == (403, True)
    assert rows_in(home) == rows
