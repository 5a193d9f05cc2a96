"""Pictures over HTTP: uploaded, fetched by members, shown on the page of a document, refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import rows_in
from httpx import Response
from pictures import camera_notes, claiming, photo, svg

from service.book.clean_picture import LARGEST
from service.kit.fingerprint import file_fingerprint
from web.conftest import log_in_as
from web.reading import read

AT = "/api/v1/organisations/JC/pictures"
NUMBER = "JC/SH-CX-01"


def upload(client: TestClient, content: bytes, name: str = "现场.jpg", code: str = "JC") -> Response:
    answer: Response = client.post(f"/api/v1/organisations/{code}/pictures", files={"file": (name, content)})
    return answer


def uploaded(client: TestClient, content: bytes | None = None, name: str = "现场.jpg") -> dict[str, Any]:
    answer = upload(client, content or photo(exif=camera_notes(6)), name)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_uploaded_picture_is_told_with_its_source_and_address(client: TestClient) -> None:
    body = uploaded(client, name="../照片/现场.jpg")
    assert body["source"] == f"picture:{body['sha256']}"
    assert body["address"] == f"/organisations/JC/pictures/{body['sha256']}"
    assert (body["media"], body["width"], body["height"]) == ("image/jpeg", 30, 40)
    assert (body["file_name"], body["uploaded_by"]) == ("现场.jpg", "bing")


@pytest.mark.parametrize("start", ["/api/v1", ""])
def test_member_fetches_the_clean_picture(client: TestClient, start: str) -> None:
    body = uploaded(client)
    answer = client.get(start + body["address"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert file_fingerprint(answer.content) == body["sha256"]
    assert b"SECRETMAKER" not in answer.content
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("start", ["/api/v1", ""])
def test_drawing_is_served_so_that_nothing_in_it_could_run(client: TestClient, start: str) -> None:
    answer = client.get(start + uploaded(client, svg(), "流程.svg")["address"])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_reader_sees_pictures_and_adds_none(client: TestClient) -> None:
    body = uploaded(client)
    log_in_as(client, "yi")
    assert client.get(body["address"]).status_code == 200
    answer = upload(client, photo())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("start", ["/api/v1", ""])
def test_picture_of_another_organisation_is_not_found(client: TestClient, start: str) -> None:
    sha256 = uploaded(client)["sha256"]
    for name in (sha256, "0" * 64, "x"):
        answer = client.get(f"{start}/organisations/YI/pictures/{name}")
        assert answer.status_code == 404
        assert "没有这张图片" in answer.text


def test_same_upload_twice_is_one_picture(client: TestClient, home: Path) -> None:
    first, second = uploaded(client), uploaded(client, name="又.jpg")
    assert first == second
    assert rows_in(home)["picture"] == 1


REFUSED = {
    "text": ("文字".encode(), 415, "not_a_picture", "文件内容不是图片"),
    "gif": (b"GIF89a" + bytes(30), 415, "not_a_picture", "文件内容是 GIF 图片"),
    "bomb": (claiming(10_000, 5_000), 413, "picture_too_many_pixels", "10000×5000"),
    "large": (photo() + bytes(LARGEST), 413, "picture_too_large", "5 MB"),
    "broken": (photo()[:200], 422, "bad_picture", "不是完整的 JPEG 图片"),
    "script": (svg("<script>alert(1)</script>"), 422, "svg_not_clean", "含有脚本（<script>）"),
    "event": (svg('<g onload="alert(1)"/>'), 422, "svg_not_clean", "含有脚本（onload 属性）"),
    "empty": (b"", 422, "picture_empty", "文件是空的"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_in_words(client: TestClient, home: Path, what: str) -> None:
    content, status, code, words = REFUSED[what]
    before = rows_in(home)
    answer = upload(client, content, "../现场.png")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].startswith("现场.png:")
    assert words in answer.json()["detail"]
    assert rows_in(home) == before


def test_page_of_a_document_shows_its_pictures(client: TestClient) -> None:
    body = uploaded(client)
    source = f"""---
key: site
title: 现场规范
kind: work_instruction
department: service
---
## 现场 {{#site}}
![现场](<{body["source"]}>)

![丢失](images/a.png)
"""
    number = client.post("/api/v1/organisations/JC/documents", json={"source": source}).json()["number"]
    page = read(client.get(f"/organisations/JC/documents/{number}"))
    [image] = [each for each in page.all("img") if each["alt"] == "图 1 现场"]
    assert (image["src"], image["width"], image["height"]) == (body["address"], "30", "40")
    assert client.get(image["src"]).status_code == 200
    assert "图片缺失：图 2 丢失" in page.words
