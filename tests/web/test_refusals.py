"""What is refused: the same fault as a Chinese page for people and as problem+json for programs, never a trace."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from web.conftest import ADDRESS
from web.reading import read

REFUSALS = [
    ("/organisations/XX/documents", 404, "organisation_not_found", "找不到代号为“XX”的企业"),
    ("/organisations/XX/coverage", 404, "organisation_not_found", "找不到代号为“XX”的企业"),
    ("/organisations/JC/documents/JC/SH-CX-99", 404, "document_not_found", "没有编号为 JC/SH-CX-99 的文件"),
    ("/organisations/JC/documents/YI/SH-CX-01", 404, "document_not_found", "没有编号为 YI/SH-CX-01 的文件"),
    ("/organisations/JC/documents?as_of=2026-02-30", 422, "bad_date", "“2026-02-30”不是日期，请写成 YYYY-MM-DD"),
    ("/organisations/JC/coverage?as_of=tomorrow", 422, "bad_date", "“tomorrow”不是日期"),
    ("/nothing", 404, "http", "没有找到"),
]


def told(answer: Response) -> str:
    """The words of a fault, in either form; both must say status and code."""
    if answer.headers["content-type"].startswith("application/problem+json"):
        body = answer.json()
        assert set(body) == {"type", "title", "status", "detail", "code"}
        assert body["status"] == answer.status_code
        return f"{body['detail']} {body['code']}"
    page = read(answer)
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert "/organisations" in page.links  # the way back
    return page.words


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize(("path", "status", "code", "words"), REFUSALS)
def test_refusal_tells_status_code_and_reason_in_either_form(
    client: TestClient, prefix: str, path: str, status: int, code: str, words: str
) -> None:
    answer = client.get(prefix + path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == ("application/problem+json" if prefix else "text/html; charset=utf-8")
    assert words in told(answer)
    assert code in told(answer)


@pytest.mark.parametrize("path", ["/organisations/JC/checks", "/organisations/JC/coverage.xlsx", "/api/v1/organisations/JC"])
def test_bad_day_is_refused_wherever_a_day_is_taken(client: TestClient, path: str) -> None:
    assert client.get(path, params={"as_of": "2026-13-01"}).status_code == 422
    assert client.get(path, params={"as_of": ""}).status_code == 200


def test_unknown_standard_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/v1/organisations/JC/coverage", params={"standard": "../secret"})
    assert (answer.status_code, answer.json()["code"]) == (404, "standard_not_found")


def test_number_of_another_organisation_reads_like_one_that_nobody_has(client: TestClient) -> None:
    answers = [client.get(f"/api/v1/organisations/JC/documents/{number}").json() for number in ("YI/SH-CX-01", "ZZ/SH-CX-01")]
    assert [str(answer).replace("YI/", "ZZ/") for answer in answers] == [str(answers[1])] * 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"on": "2026-02-30"}, "“2026-02-30”不是日期，请写成 YYYY-MM-DD"),
        ({}, "请选择日期"),
        ({"on": "2026-03-01", "binding": "glued"}, "请从列出的选项中选择"),
    ],
)
def test_form_with_a_fault_is_refused_in_chinese(client: TestClient, data: dict[str, str], words: str) -> None:
    answer = client.post("/organisations/JC/manuals", data=data)
    assert answer.status_code == 422
    assert words in told(answer)


def test_manual_of_a_day_with_nothing_in_force_is_refused(client: TestClient) -> None:
    answer = client.post("/organisations/JC/manuals", data={"on": "2026-01-31"})
    assert answer.status_code == 422
    assert "2026-01-31 没有现行有效的文件" in told(answer)


@pytest.mark.parametrize("path", ["/organisations/JC/documents", "/api/v1/organisations"])
def test_method_that_is_not_there_is_refused(client: TestClient, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 405
    assert "不支持这种请求" in told(answer)


@pytest.mark.parametrize("path", ["/organisations", "/api/v1/organisations", "/assets/pages.css", "/docs", "/healthz"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "192.0.2.1", "127.0.0.1.evil.example", "[evil.example]", "testserver", ""]
)
def test_foreign_host_name_is_refused(client: TestClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "foreign_host" in told(answer)
    assert "示范甲公司" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:9", "LOCALHOST", "[::1]", "[::1]:8000"])
def test_names_of_this_machine_are_welcome(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


FORM = {"on": "2026-03-01"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": ADDRESS},
    ],
)
def test_write_that_another_site_sends_is_refused_and_nothing_is_built(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/organisations/JC/manuals", data=FORM, headers=headers)
    assert answer.status_code == 403
    assert "cross_site" in told(answer)
    assert "还没有编制过手册" in client.get("/organisations/JC/manuals").text


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": ADDRESS}])
def test_write_from_our_own_page_or_from_a_program_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/organisations/JC/manuals", data={"on": "bad"}, headers=headers).status_code == 422


@pytest.mark.parametrize("path", ["/boom", "/api/v1/boom"])
def test_fault_that_nobody_expected_shows_no_trace(client: TestClient, path: str) -> None:
    def boom() -> None:
        raise RuntimeError("secret words")

    client.app.add_api_route(path, boom)  # type: ignore[attr-defined]  # the FastAPI application of this test
    answer = TestClient(client.app, base_url=ADDRESS, raise_server_exceptions=False).get(path)
    assert answer.status_code == 500
    assert "服务内部出错" in told(answer)
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert not any(words in answer.text for words in ("secret words", "Traceback", "RuntimeError"))


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OperationalError("UPDATE", {}, Deadlock()), 409, "conflict"),
        (OperationalError("UPDATE", {}, Exception("database is locked")), 409, "conflict"),
        (OperationalError("UPDATE", {}, Exception("disk on fire")), 500, "internal"),
        (IntegrityError("INSERT", {}, Exception("UNIQUE")), 409, "conflict"),
        (DataError("INSERT", {}, Exception("too long")), 422, "bad_value"),
    ],
    ids=["deadlock", "locked", "other", "unique", "data"],
)
def test_what_only_the_database_noticed_is_answered_in_words(client: TestClient, fault: Exception, status: int, code: str) -> None:
    def boom() -> None:
        raise fault

    client.app.add_api_route("/api/v1/boom", boom)  # type: ignore[attr-defined]  # the FastAPI application of this test
    answer = TestClient(client.app, base_url=ADDRESS, raise_server_exceptions=False).get("/api/v1/boom")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
