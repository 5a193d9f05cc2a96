"""套用: numbered drafts of a template set for an organisation, in one transaction; a second run adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.clock import local_date
from service.documents.actions import create_document
from service.documents.models import Document
from service.documents.queries import documents
from service.errors import InputError
from service.library.rules import Need, TemplateSet
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, Catalogue, require
from service.text.fill import holds
from service.trail.actions import record


@dataclass(frozen=True, slots=True)
class CloneResult:
    """What 套用 made, what was there already, and what does not concern this organisation."""

    created: tuple[Document, ...]
    present: tuple[str, ...]
    left_out: tuple[str, ...]


def clone(
    session: Session, organisation: Organisation, templates: TemplateSet, *, catalogue: Catalogue, by: Actor, at: datetime
) -> CloneResult:
    """Drafts A/0 of every template whose `when` holds; InputError if the organisation chart lacks a post or department they need."""
    require(by, Act.CLONE)
    values = values_on(session, organisation.id, local_date(at, organisation.time_zone), catalogue=catalogue)
    for what, names in missing_needs(templates, values).items():
        raise InputError(
            f"组织机构中缺少模板用到的{what}：{'、'.join(names)}，请先在组织机构中补上（没有单设的，可以指明由哪个{what}承担）",
            code="chart_incomplete",
        )
    present = {document.key for document in documents(session, organisation.id)}
    fitting = [template for template in templates.templates if not template.front.when or holds(template.front.when, values)]
    created = tuple(
        create_document(session, organisation, template.source, template.front, by=by, at=at, template_set=templates.key)[0]
        for template in fitting
        if template.front.key not in present
    )
    if created:
        record(
            session,
            organisation.id,
            at=at,
            by=by.login,
            action="template_set:clone",
            subject="template_set",
            subject_id=templates.key,
            details={"documents": [document.number for document in created]},
        )
    left_out = tuple(template.front.title for template in templates.templates if template not in fitting)
    return CloneResult(created, tuple(t.front.title for t in fitting if t.front.key in present), left_out)


def missing_needs(templates: TemplateSet, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """{部门 or 岗位: usual names of those that the set speaks of and the chart lacks}; empty if nothing is missing."""
    wanted = (("部门", "departments", templates.departments), ("岗位", "posts", templates.posts))
    found = {what: [need.name for need in needs if _is_missing(need, values[group], values)] for what, group, needs in wanted}
    return {what: names for what, names in found.items() if names}


def _is_missing(need: Need, known: Any, values: Mapping[str, Any]) -> bool:
    return need.key not in known and (not need.when or holds(need.when, values))
