"""One document: its text as it reads, who signed it, what it answers, its revisions."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service.book.drawing_svg import to_svg
from service.book.from_text import Setting, text_blocks
from service.book.html_fragment import render_fragment
from service.book.model import Figure
from service.book.theme import FORMAL
from service.clock import today
from service.coverage.queries import claims_of_revision
from service.documents import queries
from service.documents.models import Revision
from service.documents.picture_schemas import picture_address
from service.documents.pictures import images_of
from service.documents.readers import is_for
from service.documents.rules import state_name
from service.errors import NotFound
from service.manuals.signatures import exemptions
from service.manuals.signed_queries import signed_of
from service.organisations.api import Reader
from service.organisations.models import Organisation
from service.organisations.pages import organisation_page
from service.organisations.queries import values_on
from service.organisations.roles import Act, may
from service.organisations.shipped import catalogue
from service.settings import settings
from service.text.fill import fill
from service.text.parse import parse_procedure
from service.text.pictures import picture_sha256
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/documents")


@router.get("/{number:path}")
def document(number: str, member: Reader, session: Reading, as_of: AsOf) -> HTMLResponse:
    """The revision in force on the date; today, else, the one on its way for those who may see it."""
    owner, sees_all = member.organisation, may(member.roles, Act.READ_ALL)
    found = queries.find_document(session, owner.id, number)
    history = queries.revisions(session, found)
    on = as_of or member.today
    revision = queries.revision_in_force(session, found, on) or (history[-1] if sees_all and not as_of else None)
    if revision is None or not (sees_all or is_for(session, member.actor(session), found, member.today)):
        raise NotFound(f"{on} 没有现行有效的文件 {number}", code="document_not_in_force")
    prefix = f"doc-{found.key or found.number}"
    signed = signed_of(session, owner, revision)
    return organisation_page(
        "screens/document.html",
        member,
        "documents",
        as_of=as_of,
        document=found,
        revision=revision,
        state=state_name(revision.status, revision.effective_on, revision.obsolete_on, on),
        signed=signed,
        exemptions=exemptions(signed),
        text=_text(session, revision, owner, prefix),
        claims=_claims(session, revision, prefix),
        revisions=list(reversed(history)) if sees_all else [revision],
    )


def _text(session: Session, revision: Revision, owner: Organisation, prefix: str) -> str:
    """The text as HTML; a draft shows its blanks marked."""
    values = values_on(session, owner.id, today(owner.time_zone), catalogue=catalogue())
    text = revision.text or fill(revision.source, values, file=revision.title, blank="mark")
    procedure = parse_procedure(text, file=revision.title)
    images = images_of(session, owner.id, [procedure], settings().data)
    blocks = text_blocks(procedure, Setting(prefix, images=images))
    drawings = {block.drawing: to_svg(block.drawing, FORMAL) for block in blocks if isinstance(block, Figure)}
    addresses = {data: picture_address(owner.code, picture_sha256(source)) for source, data in images.items()}
    return render_fragment(blocks, drawings, addresses)


def _claims(session: Session, revision: Revision, prefix: str) -> list[dict[str, Any]]:
    """The revision's claims, one line per indicator and section."""
    grouped: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for claim in claims_of_revision(session, revision.organisation_id, revision.id):
        grouped[claim.indicator, claim.section, claim.clause, claim.section_title].append(claim.element)
    return [
        {
            "indicator": code,
            "anchor": f"{prefix}.{section}",
            "clause": clause,
            "section_title": title,
            "elements": "、".join(map(str, elements)),
        }
        for (code, section, clause, title), elements in grouped.items()
    ]
