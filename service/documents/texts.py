"""The text of a revision set for a page of our own: as it reads, or beside another one as a redline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from service.book.drawing_svg import to_svg
from service.book.from_text import Setting, text_blocks
from service.book.html_fragment import render_fragment
from service.book.model import Block, Figure
from service.book.redline import redline
from service.book.redline_html import render_redline
from service.book.redline_html_summary import render_summary
from service.book.redline_summary import drawings, summary
from service.book.theme import FORMAL
from service.clock import today
from service.documents.drafts import read_draft
from service.documents.models import Document, Revision
from service.documents.picture_schemas import picture_address
from service.documents.pictures import images_of
from service.documents.rules import anchor_prefix
from service.organisations.models import Organisation
from service.text.model import Procedure, Section
from service.text.parsed import parsed
from service.text.pictures import picture_sha256


@dataclass(frozen=True, slots=True)
class SetText:
    """`addresses`: where a page fetches a picture, by its bytes. `prefix` stands before the anchors of its sections."""

    prefix: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    addresses: dict[bytes, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts in one: the redline and its summary as HTML, and how many changes they tell; the changes have the ids `{name}-1`, `{name}-2` …"""

    html: str
    summary: str
    total: int
    name: str


def prefix_of(document: Document) -> str:
    """What stands before the anchors of a document's sections, on every page."""
    return anchor_prefix(document.key, document.number)


def set_text(
    session: Session,
    organisation: Organisation,
    document: Document,
    revision: Revision,
    data: Path,
    targets: Mapping[str, str] | None = None,
) -> SetText:
    """The text as it was frozen; of a draft as it reads with the values of today, blanks marked. `data`: the folder of the file store;
    `targets`: title in 《》 → the anchor it leads to."""
    procedure = procedure_of(session, organisation, revision)
    images = images_of(session, organisation.id, [procedure], data)
    prefix = prefix_of(document)
    addresses = {bytes_: picture_address(organisation.code, picture_sha256(source)) for source, bytes_ in images.items()}
    return SetText(prefix, text_blocks(procedure, Setting(prefix, targets or {}, images=images)), procedure.sections, addresses)


def procedure_of(session: Session, organisation: Organisation, revision: Revision) -> Procedure:
    """What a revision says: as it was frozen, or a draft with the values of today."""
    if revision.text:
        return parsed(revision.text, revision.title)
    return read_draft(session, organisation, revision.source, on=today(organisation.time_zone), file=revision.title)


def text_html(text: SetText) -> str:
    """The text as it reads, each heading with its anchor as id."""
    svgs = {block.drawing: to_svg(block.drawing, FORMAL) for block in text.blocks if isinstance(block, Figure)}
    return render_fragment(text.blocks, svgs, text.addresses)


def compared(old: SetText, new: SetText, name: str = "change") -> Compared:
    """What became of `old` in `new`, two texts of one document. `name` tells the changes of several redlines on one page apart."""
    found = redline(old.blocks, new.blocks)
    told = summary(found)
    svgs = {drawing: to_svg(drawing, FORMAL) for drawing in drawings(found)}
    return Compared(render_redline(found, svgs, name), render_summary(told), told.counts.total, name)
