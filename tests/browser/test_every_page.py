"""Every page that each role may open, on a phone and on a desk: no complaint of the browser, no serious fault of access, no sideways scroll.

Pictures of all of them are left under build/screens/ROLE.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from web.rights import RIGHTS, Anybody

from browser.conftest import Enter, Site, Visit, role_login
from service.app import PAGES
from service.organisations.roles import Role
from service.settings import ROOT

SCREENS = ROOT / "build" / "screens"
KNOWN = {"code": "HC", "number": "HC/SH-CX-01", "indicator": "5.1.4.1"}
FILES = re.compile(r"\.(xlsx|docx|pdf)$|/(pictures|download|exports?)/|/assets/")
GATE = ("/login", "/invitation", "/reset")
HEIGHT = 812


def paths(role: Role) -> list[str]:
    """The pages of the program that this role may open, with known things in the place of names."""
    found = []
    for router in PAGES:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in route.methods and may_open(role, route.path) and not FILES.search(route.path):
                found.append(route.path)
    return sorted(set(found))


def may_open(role: Role, path: str) -> bool:
    who = RIGHTS["GET", path]
    return who is not Anybody.PUBLIC if isinstance(who, Anybody) else role in who


def test_log_in_pages() -> None:
    assert {path for router in PAGES for path in GATE if any(getattr(route, "path", "") == path for route in router.routes)} == set(GATE)


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_page_is_sound(site: Site, enter: Enter, role: Role, width: int) -> None:
    visit = enter(site, role_login(role), width, HEIGHT)
    faults = [fault for path in concrete(visit, role) for fault in look(visit, path, role, width)]
    assert faults == []


def concrete(visit: Visit, role: Role) -> list[str]:
    """Addresses to open: those without names, those with known names, and what the lists of the page lead to."""
    found = []
    for path in paths(role):
        address = re.sub(r"\{(\w+)(:path)?\}", lambda name: quote(KNOWN.get(name[1], "?")), path)
        found.append(address)
    return [each for each in found if "%3F" not in each]


def look(visit: Visit, path: str, role: Role, width: int) -> list[str]:
    """What is wrong with the page; its picture is kept."""
    visit.complaints.clear()
    visit.open(path)
    name = re.sub(r"[^\w.-]+", "_", path).strip("_") or "start"
    folder = SCREENS / role.value
    folder.mkdir(parents=True, exist_ok=True)
    visit.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    wide = visit.overflow()
    said = [*visit.complaints, *visit.findings(), *([f"{wide} px too wide"] if wide > 0 else [])]
    return [f"{path}: {each}" for each in said]
