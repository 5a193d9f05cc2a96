"""Pages of record forms: which there are and how their records are kept, each as it prints, and blank ones to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.book.drawing_svg import to_svg
from service.book.html_fragment import render_fragment
from service.book.model import Figure, Heading
from service.book.theme import FORMAL
from service.documents.picture_schemas import picture_address
from service.documents.queries import Controlled, find_document, in_force
from service.documents.readers import readable
from service.documents.rules import KIND_ORDER
from service.errors import NotFound
from service.kit.dates import chinese_date
from service.manuals.answers import answered
from service.manuals.assemble import document_book
from service.manuals.downloads import document_download, keep_record
from service.manuals.form_downloads import FormFormat, forms_download
from service.manuals.form_queries import FormLine, form_rows
from service.manuals.pictures import with_pictures
from service.manuals.queries import document_source
from service.manuals.register_rows import RecordRow
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.standards.shipped import standard
from service.text.model import Kind
from service.text.pictures import picture_sha256
from service.web.depends import AsOf, Noting, Reading
from service.web.heavy import Heavy
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/record-forms")
Words = Annotated[str, Query(max_length=100)]
SHOWN = 2
"""Documents that name a form and stand in the list; the others are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A form as the list shows it. `named_by`: (number, title) of what names it, as far as this member may read that."""

    number: str
    title: str
    label: str
    department: str
    department_name: str
    keeper: str
    retention: str
    medium: str
    named_by: tuple[tuple[str, str], ...]
    effective_on: date | None

    @property
    def first(self) -> tuple[tuple[str, str], ...]:
        return self.named_by[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.named_by) - SHOWN)


@router.get("")
def forms(member: Reader, session: Reading, as_of: AsOf, page: PageNumber = 1, q: Words = "", department: Words = "") -> HTMLResponse:
    on, words = as_of or member.today, q.strip()
    lines = _lines(session, member, in_force(session, member.organisation.id, on), on)
    wanted = [line for line in lines if _is_wanted(line, words, department)]
    kept = {"q": words, "department": department}
    return organisation_page(
        "manuals/forms.html",
        member,
        "record-forms",
        as_of=as_of,
        kept={name: value for name, value in kept.items() if value},
        chosen=kept,
        shown=portion(wanted, page, {"as_of": as_of, **kept}),
        total=len(lines),
        departments=sorted({(line.department, line.department_name) for line in lines}, key=lambda each: each[1]),
    )


@router.get("/all.{file_format}.zip", dependencies=[Heavy])
def files(file_format: FormFormat, member: Reader, session: Reading) -> Response:
    """All blank forms of today at once."""
    return answered(
        forms_download(
            session, member.organisation, workshop_for(session, member.organisation), file_format, by=member.actor(session), at=clock.now()
        )
    )


@router.get("/{number:path}/file.{file_format}", dependencies=[Heavy])
def file(number: str, file_format: FormFormat, member: Reader, session: Reading, note: Noting, as_of: AsOf, raw: bool = False) -> Response:
    """A blank form, stamped as every copy; without a stamp for whoever may take originals."""
    by, at, on = member.actor(session), clock.now(), as_of or member.today
    if find_document(session, member.organisation.id, number).kind is not Kind.RECORD_FORM:
        raise _not_found(number, on)
    made = document_download(
        session, member.organisation, workshop_for(session, member.organisation), number, file_format, on=on, raw=raw, by=by, at=at
    )
    if made.entry is not None:
        with note() as noting:
            keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)


@router.get("/{number:path}")
def form(number: str, member: Reader, session: Reading, as_of: AsOf) -> HTMLResponse:
    on = as_of or member.today
    everything = in_force(session, member.organisation.id, on)
    line = next((line for line in _lines(session, member, everything, on) if line.number == number), None)
    if line is None:
        raise _not_found(number, on)
    pair = next(pair for pair in everything if pair.document.number == number)
    return organisation_page(
        "manuals/form.html",
        member,
        "record-forms",
        as_of=as_of,
        line=line,
        printed=_printed(session, member, pair, on),
        address=f"/organisations/{member.organisation.code}/record-forms/{quote(number)}",
    )


def _not_found(number: str, on: date) -> NotFound:
    return NotFound(f"{chinese_date(on)}没有现行有效的记录表单 {number}", code="record_form_not_found")


def _lines(session: Session, member: Member, everything: Sequence[Controlled], on: date) -> list[Line]:
    """The forms that this member may read, with what all texts in force say of them."""
    mine = everything
    if not may(member.roles, Act.READ_ALL):
        mine = readable(session, member.organisation.id, member.actor(session), on, today=member.today, texts=False)
    procedures_first = sorted(mine, key=lambda pair: (pair.document.kind is Kind.MANUAL, KIND_ORDER[pair.document.kind]))
    titles = {pair.document.number: pair.revision.title for pair in procedures_first}
    return [_line(row, titles) for row in form_rows(session, member.organisation, everything, on) if row.form.number in titles]


def _line(row: RecordRow[FormLine], titles: Mapping[str, str]) -> Line:
    """`titles` of what this member may read, in the order in which documents are named."""
    form, terms = row.form, row.terms
    return Line(
        number=form.number,
        title=form.title,
        label=form.label,
        department=form.department,
        department_name=form.department_name,
        keeper=terms.keeper or form.department_name,
        retention=terms.retention,
        medium=terms.medium,
        named_by=tuple((number, title) for number, title in titles.items() if number in row.named_by),
        effective_on=form.effective_on,
    )


def _is_wanted(line: Line, words: str, department: str) -> bool:
    return department in ("", line.department) and (not words or words.casefold() in f"{line.number} {line.title}".casefold())


def _printed(session: Session, member: Member, pair: Controlled, on: date) -> str:
    """The form's printed page as HTML, without its title, which the page has itself."""
    owner, workshop = member.organisation, workshop_for(session, member.organisation)
    source = with_pictures(session, owner, document_source(session, owner, standard(), pair, on=on), workshop.data)
    [part] = document_book(source, source.documents[0], workshop.theme).parts
    blocks = [block for block in part.blocks if not isinstance(block, Heading)]
    drawings = {block.drawing: to_svg(block.drawing, FORMAL) for block in blocks if isinstance(block, Figure)}
    addresses = {data: picture_address(owner.code, picture_sha256(name)) for name, data in source.images.items()}
    return render_fragment(blocks, drawings, addresses)
