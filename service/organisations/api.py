"""JSON of organisations, and the dependency by which every route finds the organisation of its path."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from service.clock import today
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, list_organisations, values_on
from service.organisations.shipped import catalogue
from service.web.depends import AsOf, Reading, Writing

router = APIRouter(prefix="/organisations", tags=["organisations"])


def from_path(code: str, session: Reading) -> Organisation:
    return find_organisation(session, code)


def from_path_to_write(code: str, session: Writing) -> Organisation:
    return find_organisation(session, code)


Owner = Annotated[Organisation, Depends(from_path)]
WritingOwner = Annotated[Organisation, Depends(from_path_to_write, scope="function")]


@router.get("")
def organisations(session: Reading) -> list[dict[str, Any]]:
    """全部企业。"""
    return [{"code": row.code, "name": row.name, "number_pattern": row.number_pattern} for row in list_organisations(session)]


@router.get("/{code}")
def organisation(owner: Owner, session: Reading, as_of: AsOf) -> dict[str, Any]:
    """一家企业及其某日有效的参数。"""
    values = values_on(session, owner.id, as_of or today(owner.time_zone), catalogue=catalogue())
    return {"code": owner.code, "name": owner.name, "values": values}
