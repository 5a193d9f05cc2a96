"""The demo manufacturer's whole set as it reads in force, put into an index: what the tests of finding known things share."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from uuid import uuid4

from sqlmodel import Session

from service.documents.rules import number
from service.library.shipped import template_set
from service.organisations.actions import create_organisation
from service.organisations.profile import read_profile
from service.organisations.queries import values_on
from service.organisations.shipped import catalogue
from service.search.entries import Written, entry
from service.search.port import Entry
from service.search.query import Key
from service.settings import ROOT
from service.text.fill import fill, holds

MADE, ON = datetime(2026, 1, 6, 2, tzinfo=UTC), date(2026, 2, 1)


def demo_entries(session: Session) -> list[Entry]:
    """A revision of every text that concerns the demo manufacturer, numbered as 套用 numbers them."""
    text = (ROOT / "content" / "demo" / "manufacturer.yml").read_text("utf-8")
    owner = create_organisation(session, read_profile(text, file="manufacturer.yml", catalogue=catalogue()), at=MADE)
    values = values_on(session, owner.id, ON, catalogue=catalogue())
    serials, found = Counter[str](), list[Entry]()
    for template in template_set("gbt27922-general").templates:
        front = template.front
        if front.when and not holds(front.when, values):
            continue
        serials[front.kind] += 1
        named = number(owner.number_pattern, company=owner.code, kind=front.kind, serial=serials[front.kind], department=front.department)
        filled = fill(template.source, values, file=front.title, blank="mark")
        found.append(entry(Written(uuid4().hex, named, front.title, filled, template.source), "1", values))
    return found


def everything(entries: list[Entry]) -> frozenset[Key]:
    return frozenset(each.revision for each in entries)
