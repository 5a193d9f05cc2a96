"""Pages as trees: what stands in which element, and forms filled in and sent as a browser does; who else works in JC."""

from __future__ import annotations

from typing import Any

import lxml.html
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD, moment

from service.accounts.actions import create_user
from service.db import reading, writing
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.trail.queries import entries


def tree(answer: Response) -> Any:
    assert answer.headers["content-type"].startswith("text/html"), answer.headers["content-type"]
    return lxml.html.fromstring(answer.text)


def words(node: Any) -> str:
    """The words in an element, its pieces parted by single blanks."""
    return " ".join(" ".join(str(piece) for piece in node.itertext()).split())


def one(page: Any, path: str) -> Any:
    """The one element that an XPath leads to."""
    found = page.xpath(path)
    assert len(found) == 1, (path, [words(each) for each in found])
    return found[0]


def texts(page: Any, path: str) -> list[str]:
    return [words(each) for each in page.xpath(path)]


def rows(page: Any, table: str) -> list[list[str]]:
    """The cells of every row in the body of the table with this id."""
    return [[words(cell) for cell in row.xpath("./td")] for row in page.xpath(f"//table[@id='{table}']/tbody/tr")]


def send(client: TestClient, page: Any, form: str, **typed: Any) -> Response:
    """Fill in the form with this id and send it; what it has no field for cannot be typed in."""
    found = one(page, f"//form[@id='{form}']")
    fields: dict[str, Any] = {}
    for name, value in found.form_values():
        fields.setdefault(name, []).append(value)
    assert set(typed) <= set(found.fields.keys()), set(typed) - set(found.fields.keys())
    answer: Response = client.post(found.get("action"), data=fields | typed)
    return answer


def actions_of(client: TestClient, subject: str, code: str = "JC") -> list[str]:
    """What the trail says was done to a subject, oldest first."""
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, code)
        return [entry.action for entry in entries(session, firm.id, subject)]


def hire_reader(client: TestClient, *numbers: str, login: str = "wu") -> None:
    """吴五, 员工 of JC without a post; these documents are addressed to everybody by whoever is logged in."""
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        user = create_user(session, login, "吴五", password=PASSWORD, by="system", at=moment(1, 1))
        firm, on = find_organisation(session, "JC"), moment(1, 1).date()
        add_member(session, firm, user, Role.READER, by=SYSTEM, at=moment(1, 1), on=on)
    for number in numbers:
        path = f"/api/v1/organisations/JC/documents/{number}/recipients"
        assert client.put(path, json={"everybody": True}, headers={"if-match": "*"}).status_code == 200


def press(client: TestClient, page: Any, form: str, button: str = "", typed: dict[str, Any] | None = None) -> Response:
    """The same with the button `name=value` that was pressed, and fields of any name; rows that wait in a <template> are not sent."""
    found = one(page, f"//form[@id='{form}']")
    fields: dict[str, Any] = {}
    for name, value in found.form_values():
        if "__n__" not in name:
            fields.setdefault(name, []).append(value)
    assert set(typed or {}) <= set(found.fields.keys()), set(typed or {}) - set(found.fields.keys())
    name, _, value = button.partition("=")
    pressed = (
        one(found, f".//button[@name='{name}'][@value='{value}']") if button else one(found, ".//button[@type='submit'][not(@formaction)]")
    )
    data = fields | (typed or {}) | ({name: value} if button else {})
    answer: Response = client.post(pressed.get("formaction") or found.get("action"), data=data)
    return answer
