"""The whole OpenAPI description tried with generated requests: no server error, and no answer that is not documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house import database_of, furnish_with_manual
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as budget
from pictures import photo
from schemathesis.core.result import Ok
from small_firm import PASSWORD, moment

from service import clock
from service.accounts.actions import create_user
from service.accounts.api_tokens import create_api_token
from service.accounts.rules import TokenScope
from service.app import API, create_app
from service.book.clean_picture import clean_picture
from service.db import open_database, writing
from service.kit.fingerprint import file_fingerprint
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.settings import settings
from service.web import docs
from web.conftest import ADDRESS

EXAMPLES = 15
KNOWN: dict[str, tuple[str, ...]] = {
    "code": ("JC",),
    "number": ("JC/SH-CX-01", "JC/SH-JL-01", "JC/SH-ZD-01"),
    "key": ("small",),
    "standard_id": ("gbt27922-2011",),
    "login": ("ding",),
    "sha256": (file_fingerprint(clean_picture(photo(), "现场").data),),
}
"""Values by which a generated request gets past the 404 at the door; half of them stay as generated."""


def described() -> FastAPI:
    """The routes without a database: enough to describe them."""
    app = FastAPI()
    for router in API:
        app.include_router(router, prefix="/api/v1")
    docs.describe(app)
    return app


def operations() -> Iterator[Any]:
    """Every operation of the description; one that cannot be read fails the run."""
    for found in schemathesis.openapi.from_dict(described().openapi()).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


OPERATIONS = {operation.label: operation for operation in operations()}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, server: str | None) -> Iterator[TestClient]:
    """A firm and the token of somebody who may do everything there."""
    home = furnish_with_manual(tmp_path_factory.mktemp("openapi"), "JC", server=server)
    engine = open_database(database_of(home))
    with writing(engine) as session:
        firm, user = find_organisation(session, "JC"), create_user(session, "all", "全能", password=PASSWORD, by="system", at=moment(1, 1))
        for role in Role:
            until = moment(1, 1).date().replace(year=2099)
            add_member(session, firm, user, role, until=until, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
        token, _ = create_api_token(session, user, "试", list(TokenScope), days=30, by="system", at=clock.now())
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_MANUAL_DATA", str(home / "data"))
        patch.setenv("SERVICE_MANUAL_DATABASE", database_of(home))
        patch.setenv("SERVICE_MANUAL_TEMPLATES", str(home / "templates"))
        settings.cache_clear()
        app = create_app()
        with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False, headers={"authorization": f"Bearer {token}"}) as client:
            assert client.post("/api/v1/organisations/JC/pictures", files={"file": ("现场.jpg", photo())}).status_code == 201
            yield client
        app.state.engine.dispose()
    settings.cache_clear()


@pytest.mark.parametrize("label", OPERATIONS)
def test_generated_requests_are_answered_as_documented(served: TestClient, label: str) -> None:
    operation = OPERATIONS[label]
    documented = set(operation.definition.raw["responses"])

    @budget(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), dice=strategies.randoms(use_true_random=False))
    def tried(case: Any, dice: Any) -> None:
        for name, values in KNOWN.items():
            if name in (case.path_parameters or {}) and (name == "code" or dice.random() < 0.5):
                case.path_parameters[name] = dice.choice(values)
        request = case.as_transport_kwargs()
        request.pop("cookies", None)  # the token says who asks
        request["headers"] = {name: value for name, value in request["headers"].items() if name.lower() not in {"authorization", "cookie"}}
        answer = served.request(**request)
        assert answer.status_code < 500, answer.text
        assert str(answer.status_code) in documented, (answer.status_code, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert set(answer.json()) == {"type", "title", "status", "detail", "code"}

    tried()


def test_every_operation_says_what_it_does_and_shows_an_example_of_what_it_takes() -> None:
    description = described().openapi()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description", "").strip(), f"{method} {path} has no words"
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = body.get("$ref", "").rsplit("/", 1)[-1]
            if name:
                assert description["components"]["schemas"][name].get("examples"), f"{name} of {method} {path} has no example"
