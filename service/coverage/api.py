"""JSON of coverage."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.clock import today
from service.coverage.export import as_json
from service.coverage.queries import coverage_on
from service.organisations.api import Owner
from service.standards.shipped import DEFAULT_STANDARD, standard
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/coverage", tags=["coverage"])


@router.get("")
def coverage(owner: Owner, session: Reading, as_of: AsOf, standard_id: str = DEFAULT_STANDARD) -> dict[str, Any]:
    """某日的指标对照：每个指标的状态、要素和对应章节。"""
    return as_json(coverage_on(session, owner.id, standard(standard_id), as_of or today(owner.time_zone)))
