"""What the address of a coverage page asks for. A choice that there is not counts as none, so that an old address still opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Query

from service.coverage.queries import ClaimRow
from service.coverage.rules import State
from service.coverage.views import Order, View, Wanted
from service.documents.rules import anchor_prefix
from service.organisations.models import Organisation
from service.standards.rules import Standard
from service.standards.shipped import DEFAULT_STANDARD, standard
from service.web.depends import AsOf

Choice = Annotated[str, Query(max_length=40)]
Words = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which standard, which indicators, how they are shown; `parameters` are those of the address, unusual ones only."""

    standard: Standard
    view: View
    wanted: Wanted
    parameters: Mapping[str, str]

    def address(self, **changes: object) -> str:
        """The same page with some choices changed, as the end of its address."""
        said = {name: str(value) for name, value in (dict(self.parameters) | changes).items() if value}
        return f"?{urlencode(said)}"

    @property
    def standing(self) -> str:
        """Standard and day, for the address of another page."""
        said = {name: self.parameters[name] for name in ("standard", "as_of") if self.parameters[name]}
        return f"?{urlencode(said)}" if said else ""

    @property
    def kept(self) -> dict[str, str]:
        """What stays when another day is chosen."""
        return {name: value for name, value in self.parameters.items() if value and name != "as_of"}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.state or self.wanted.branch or self.wanted.words)

    def paragraph(self, organisation: Organisation, claim: ClaimRow) -> str:
        """The address of the section that a claim names, on the document's page of the day that is looked at."""
        dated = f"?as_of={self.parameters['as_of']}" if self.parameters["as_of"] else ""
        place = f"{quote(anchor_prefix(claim.key, claim.document))}.{quote(claim.section)}"
        return f"/organisations/{organisation.code}/documents/{quote(claim.document)}{dated}#{place}"


def asked(
    as_of: AsOf,
    standard_id: Annotated[str, Query(alias="standard", max_length=80)] = "",
    view: Choice = "",
    order: Choice = "",
    state: Choice = "",
    branch: Choice = "",
    q: Words = "",
) -> Asked:
    """NotFound for a standard that the product does not ship."""
    known = standard(standard_id or DEFAULT_STANDARD)
    parameters = {
        "standard": "" if known.id == DEFAULT_STANDARD else known.id,
        "view": view if view in set(View) else "",
        "order": order if order in set(Order) else "",
        "state": state if state in set(State) else "",
        "branch": branch if any(node.code == branch for node in known.nodes) else "",
        "q": q.strip(),
        "as_of": as_of.isoformat() if as_of else "",
    }
    wanted = Wanted(
        State(parameters["state"]) if parameters["state"] else None,
        parameters["branch"],
        parameters["q"],
        Order(parameters["order"] or Order.WORST),
    )
    return Asked(known, View(parameters["view"] or View.LIST), wanted, parameters)


AskedFor = Annotated[Asked, Depends(asked)]
