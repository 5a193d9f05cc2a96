"""Every page that each role may open, on a phone and on a desk: no complaint of the browser, no serious fault of access, no sideways scroll.

Pictures of all of them are left under build/screens/ROLE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from web.rights import RIGHTS, Anybody

from browser.conftest import NOW, Enter, Site, Visit, role_login
from service.app import PAGES
from service.changes.queries import requests
from service.db import open_database, reading
from service.distribution.acknowledgement_queries import open_acknowledgements
from service.distribution.queries import copies_out
from service.documents import queries as documents
from service.documents.external_queries import external_entries
from service.manuals.queries import builds
from service.organisations.queries import find_organisation
from service.organisations.roles import Act, HeldRole, Role, may
from service.settings import ROOT
from service.text.model import Kind

SCREENS = ROOT / "build" / "screens"
Known = Mapping[str, Mapping[str, str]]
NO_PAGE = re.compile(
    r"\.(xlsx|docx|pdf|png|zip|\{file_format\})$|/compare/file$|/manuals/redline$|/(pictures|progress)/\{|/exports?$|/edit/(section|titles|checks|indicators)$"
    r"|/standing(/problems)?$|/suggestions$|/changes/impact$|/acknowledgements/\{acknowledgement_id\}$|/building/\{making_id\}$|/changes/\{number\}/edit$|/\{name\}$(?<!lists/\{name\})(?<!profile/\{name\})"
)
"""Files, streams and parts that a page asks for; what is for one person alone, and what lasts only seconds."""
OF_OTHERS = re.compile(r"/(changes|copies|record-forms|documents)/\{")
"""Pages of single things, of which some roles may open only those that are theirs."""
HELD = {role: (HeldRole(role),) for role in Role}
CONTROLLER = role_login(Role.DOCUMENT_CONTROLLER)


def templates(role: Role) -> list[str]:
    """The addresses of the program's pages that this role may open, with names in braces; files and parts of pages left out."""
    routes = [route for router in PAGES for route in router.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]
    return sorted({route.path for route in routes if may_open(role, route.path) and not NO_PAGE.search(route.path)})


def may_open(role: Role, path: str) -> bool:
    who = RIGHTS["GET", path]
    return who is not Anybody.PUBLIC if isinstance(who, Anybody) else role in who


@pytest.fixture(scope="module")
def known(demo_data: Path) -> Known:
    """Part of an address → the names that stand in the demo for those in braces; the longest part that fits counts."""
    engine = open_database(f"sqlite:///{demo_data / 'service-manual.sqlite'}")
    with reading(engine) as session:
        owner = find_organisation(session, "HC")
        number = {pair.document.key: pair.document.number for pair in documents.in_force(session, owner.id, NOW.date())}
        form = next(
            pair.document.number for pair in documents.in_force(session, owner.id, NOW.date()) if pair.document.kind is Kind.RECORD_FORM
        )
        change = next(row.number for row in requests(session, owner.id))
        build = str(builds(session, owner.id)[0].id)
        copy = str(copies_out(session, owner.id)[0].id)
        asked = str(open_acknowledgements(session, owner.id)[0].id)
        external = external_entries(session, owner, NOW.date().replace(year=2100))[0].row.number
    engine.dispose()
    return {
        "/": {"code": "HC", "number": number["document-control"], "indicator": "5.1.4.1"},
        "/edit": {"number": number["training"]},
        "/approval": {"number": number["installation"]},
        "/changes/": {"number": change},
        "/manuals/": {"build_id": build},
        "/copies/": {"copy_id": copy},
        "/acknowledgements/": {"acknowledgement_id": asked},
        "/external-documents/": {"number": external},
        "/record-forms/": {"number": form},
        "/first-steps/": {"step": "company"},
        "/profile/": {"name": "company.hotline"},
        "/lists/": {"name": "documents"},
    }


def test_every_page_can_be_opened(known: Known) -> None:
    """A new page whose address has a name that is not in `known` must be given one here."""
    assert [path for path in templates(Role.DOCUMENT_CONTROLLER) if "{" in address(path, known)] == []


def address(path: str, known: Known) -> str:
    """The path with names of the demo; what nobody knows stays in its braces."""
    names = {name: value for part, found in known.items() if part in path for name, value in found.items()}
    return re.sub(r"\{(\w+)(:path)?\}", lambda name: quote(names.get(name[1], name[0]), safe="/{}"), path)


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_page_is_sound(site: Site, enter: Enter, known: Known, role: Role, width: int) -> None:
    visit = enter(site, role_login(role), width)
    assert [fault for path in pages(role, known) for fault in look(visit, path, f"{role.value}/{{}}-{width}.png")] == []


def test_every_page_is_sound_in_the_dark(site: Site, enter: Enter, known: Known) -> None:
    visit = enter(site, CONTROLLER, scheme="dark")
    assert [fault for path in pages(Role.DOCUMENT_CONTROLLER, known) for fault in look(visit, path, "dark/{}.png")] == []


@pytest.mark.parametrize("width", [320, 3840])
def test_no_page_scrolls_sideways_on_the_smallest_and_the_largest_screen(site: Site, enter: Enter, known: Known, width: int) -> None:
    visit = enter(site, CONTROLLER, width)
    assert {path: wide for path in pages(Role.DOCUMENT_CONTROLLER, known) if (wide := opened(visit, path).overflow()) > 0} == {}


def pages(role: Role, known: Known) -> list[str]:
    return [address(path, known) for path in templates(role) if may(HELD[role], Act.READ_ALL) or not OF_OTHERS.search(path)]


def opened(visit: Visit, path: str) -> Visit:
    visit.open(path)
    return visit


def look(visit: Visit, path: str, picture: str) -> list[str]:
    """What is wrong with the page; its picture is kept."""
    visit.complaints.clear()
    page = visit.open(path)
    file = SCREENS / picture.format(re.sub(r"[^\w.-]+", "_", path).strip("_") or "start")
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
    wide = visit.overflow()
    said = [*visit.complaints, *visit.findings(), *([f"{wide} px too wide"] if wide > 0 else [])]
    return [f"{path}: {each}" for each in said]
