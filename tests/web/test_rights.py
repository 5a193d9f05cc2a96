"""Every route × (a stranger, each role, a member of another organisation): who gets in, and what the others are told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from house import database_of, furnish_with_manual
from httpx import Response
from small_firm import PASSWORD, moment

from service.accounts.actions import create_user
from service.app import API, PAGES, create_app
from service.db import open_database, writing
from service.organisations.members import add_member, end_membership
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.settings import settings
from web.conftest import ADDRESS, log_in_as
from web.rights import PERSON, PUBLIC, RIGHTS, Anybody

STRANGER, FOREIGNER, FORMER = "nobody", "foreigner", "former"
NO_ID = "00000000-0000-0000-0000-000000000000"
KNOWN = {"code": "JC", "number": "JC/SH-CX-01", "name": "manual.pdf", "login": "ding", "file_format": "docx"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, server: str | None) -> Iterator[TestClient]:
    """JC with one member per role and a former one, YI with a member of its own; no redirect is followed."""
    home = furnish_with_manual(tmp_path_factory.mktemp("rights"), "JC", "YI", server=server)
    engine = open_database(database_of(home))
    with writing(engine) as session:
        at, on = moment(1, 1), moment(1, 1).date()
        firm, other = find_organisation(session, "JC"), find_organisation(session, "YI")
        users = {name: create_user(session, name, name, password=PASSWORD, by="system", at=at) for name in (*_logins(), FOREIGNER, FORMER)}
        for role in Role:
            until = moment(1, 1).date().replace(year=2099) if role is Role.AUDITOR else None
            add_member(session, firm, users[_login(role)], role, until=until, by=SYSTEM, at=at, on=on)
            if role is not Role.AUDITOR:
                add_member(session, other, users[FOREIGNER], role, by=SYSTEM, at=at, on=on)
        add_member(session, firm, users[FORMER], Role.DOCUMENT_CONTROLLER, by=SYSTEM, at=at, on=on)
        end_membership(session, firm, users[FORMER], Role.DOCUMENT_CONTROLLER, by=SYSTEM, at=at)
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_MANUAL_DATA", str(home / "data"))
        patch.setenv("SERVICE_MANUAL_DATABASE", database_of(home))
        settings.cache_clear()
        app = create_app()
        with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
            yield client
        app.state.engine.dispose()
    settings.cache_clear()


def _login(role: Role) -> str:
    return f"role.{role.value.replace('_', '-')}"


def _logins() -> list[str]:
    return [_login(role) for role in Role]


def routes() -> set[tuple[str, str]]:
    """Every route of the application as (method, path), pages and the API alike; files of its own host need no log-in."""
    app = FastAPI()
    for router in API:
        app.include_router(router, prefix="/api/v1")
    for router in PAGES:
        app.include_router(router)
    found = {(method, route.path) for route in _flat(app) for method in route.methods or ()}
    return {(method, path) for method, path in found if method != "HEAD"}


def _flat(app: FastAPI) -> Iterator[APIRoute]:
    yield from (route for route in app.routes if isinstance(route, APIRoute))
    for router, prefix in ((router, "/api/v1") for router in API):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield _prefixed(route, prefix)
    for router in PAGES:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def _prefixed(route: APIRoute, prefix: str) -> APIRoute:
    return APIRoute(f"{prefix}{route.path}", route.endpoint, methods=list(route.methods or ()))


def address(path: str, code: str = "JC") -> str:
    """The path with its places filled: what is there in JC, else an id that nobody has."""
    number = "GG-2026-001" if re.search("/change(-request)?s/", path) else KNOWN["number"]
    filled = KNOWN | {"code": code, "number": number}
    return re.sub(r"\{(\w+)(:path)?\}", lambda place: filled.get(place[1], NO_ID), path)


def asked(client: TestClient, login: str, method: str, path: str) -> Response:
    """The answer to a request of this person with nothing in it."""
    client.cookies.clear()
    client.headers.pop("x-csrf-token", None)
    if login != STRANGER:
        log_in_as(client, login)
    answer: Response = client.request(method, address(path), json=empty(method))
    return answer


def empty(method: str) -> dict[str, str] | None:
    """The body of a request that says nothing."""
    return {} if method in {"POST", "PUT", "PATCH"} else None


def code_of(answer: Response) -> str:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return str(answer.json()["code"])
    found = re.search(r"代码 (\w+)", answer.text)
    return found[1] if found else ""


def is_open(answer: Response) -> bool:
    """Whether the caller came through to what the route does, whatever that says to an empty request."""
    return answer.status_code not in {401, 403} and code_of(answer) != "organisation_not_found" and answer.status_code < 500


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert routes() | {("GET", "/docs"), ("GET", "/healthz"), ("GET", "/readyz")} == set(RIGHTS)


ROWS = sorted(RIGHTS, key=lambda row: (row[1], row[0]))
GUARDED = [row for row in ROWS if RIGHTS[row] is not PUBLIC]
OF_ORGANISATIONS = [row for row in ROWS if not isinstance(RIGHTS[row], Anybody)]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_stranger_is_asked_to_log_in(served: TestClient, method: str, path: str) -> None:
    answer = asked(served, STRANGER, method, path)
    if path.startswith("/api/") or method != "GET":
        assert (answer.status_code, code_of(answer)) == (401, "login_needed")
    else:
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


@pytest.mark.parametrize(("method", "path"), OF_ORGANISATIONS)
def test_each_role_may_do_what_its_row_says(served: TestClient, method: str, path: str) -> None:
    allowed = RIGHTS[method, path]
    assert not isinstance(allowed, Anybody)
    answers = {role: asked(served, _login(role), method, path) for role in Role}
    assert {role for role, answer in answers.items() if is_open(answer)} == allowed
    for role in set(Role) - allowed:
        assert (answers[role].status_code, code_of(answers[role])) == (403, "not_allowed")


@pytest.mark.parametrize(("method", "path"), OF_ORGANISATIONS)
@pytest.mark.parametrize("login", [FOREIGNER, FORMER])
def test_who_is_no_member_learns_nothing(served: TestClient, login: str, method: str, path: str) -> None:
    answer = asked(served, login, method, path)
    assert (answer.status_code, code_of(answer)) == (404, "organisation_not_found")
    unknown = served.request(method, address(path, "ZZ"), json=empty(method))
    assert unknown.status_code == 404
    assert _untimed(unknown.text.replace("ZZ", "JC")) == _untimed(answer.text)


def _untimed(page: str) -> str:
    """The page without the minute it was made in, which an error page names: the clock may tick between two requests."""
    return re.sub(r"今天 \d\d:\d\d", "今天", page)


@pytest.mark.parametrize(("method", "path"), [row for row in ROWS if RIGHTS[row] is PERSON])
def test_program_does_nothing_that_only_the_person_may(served: TestClient, method: str, path: str) -> None:
    from service import clock
    from service.accounts.api_tokens import create_api_token
    from service.accounts.queries import find_user
    from service.accounts.rules import TokenScope

    with writing(served.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        user = find_user(session, _login(Role.ADMINISTRATOR))
        token, _ = create_api_token(session, user, "试", list(TokenScope), days=1, by="system", at=clock.now())
    served.cookies.clear()
    served.headers.pop("x-csrf-token", None)
    answer = served.request(method, address(path), json=empty(method), headers={"authorization": f"Bearer {token}"})
    assert answer.status_code in {401, 403}
