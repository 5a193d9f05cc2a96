"""Names and texts that try to be markup come out as the text they are."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from web.conftest import COMPANY, PICTURE, SCRIPT, TITLE
from web.reading import Page, read

AT = "/organisations/HX"
TELLING = {
    "/organisations": [COMPANY],
    f"{AT}/documents": [COMPANY, TITLE],
    f"{AT}/documents/HX/SH-CX-01": [COMPANY, TITLE, SCRIPT, PICTURE],
    f"{AT}/coverage": [COMPANY, SCRIPT, PICTURE],
    f"{AT}/checks": [COMPANY, SCRIPT],
    f"{AT}/manuals": [COMPANY],
}


def harmless(page: Page) -> bool:
    """Whether nothing of the hostile texts has become an element or an attribute."""
    made = {name for name, _ in page.elements}
    ours = all((each.get("src") or "").startswith("/assets/") or each.get("type") == "application/json" for each in page.all("script"))
    return ours and not {"img", "b", "i"} & made and not any("onerror" in attributes for _, attributes in page.elements)


@pytest.mark.parametrize("path", TELLING)
def test_hostile_words_stand_on_the_page_as_words(client: TestClient, path: str) -> None:
    page = read(client.get(path))
    assert [words for words in TELLING[path] if words not in page.words] == []
    assert harmless(page)


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/%3Cimg%20src=x%3E/documents",
        "/organisations/JC/documents/%3Cimg%20src=x%3E",
        "/organisations/JC/documents?as_of=%3Cimg%20src=x%3E",
    ],
)
def test_hostile_address_comes_back_as_words(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    page = read(answer)
    assert "<img src=x>" in page.words
    assert harmless(page)


def test_file_name_of_a_download_cannot_add_a_header(client: TestClient) -> None:
    answer = client.get(f"{AT}/coverage.xlsx?as_of=2026-03-01")
    assert answer.headers["content-disposition"] == 'attachment; filename="coverage-HX-2026-03-01.xlsx"'
    assert client.get("/organisations/JC%0d%0aX-Bad:1/coverage.xlsx").status_code == 404
