"""The printed forms of a request as files: application, notice, pages of changes; DOCX and PDF from the same book."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlmodel import Session

from service.book.model import Book
from service.book.pdf import layout_of, render_pdf
from service.book.theme import FORMAL
from service.changes.forms import request_form
from service.changes.forms_notice import notice_form
from service.changes.forms_pages import pages_form
from service.changes.models import ChangeRequest
from service.changes.printing import notice_sheet, page_sheets, request_sheet
from service.changes.rules import ChangeForm, FileFormat
from service.organisations.models import Organisation


def form_book(
    session: Session, organisation: Organisation, request: ChangeRequest, form: ChangeForm, on: date, *, whole: bool = True
) -> Book:
    """The book of a form on day `on`. Refused where it does not exist yet, or the decision was tampered with.

    Not `whole`: the application without what tells of other documents and of drafts; the other forms are for those who may read all.
    """
    if form is ChangeForm.FORM:
        return request_form(request_sheet(session, organisation, request, on), whole=whole)
    if form is ChangeForm.NOTICE:
        return notice_form(notice_sheet(session, organisation, request, on))
    return pages_form(page_sheets(session, organisation, request))


def file_name(request: ChangeRequest, form: ChangeForm, format_: FileFormat) -> str:
    return f"{request.number}-{form.value}.{format_.value}"


def rendered(book: Book, format_: FileFormat, fonts: Path) -> bytes:
    """The file's bytes: the same for the same book and fonts."""
    if format_ is FileFormat.PDF:
        return render_pdf(book, FORMAL, fonts).data
    from service.book.docx import render_docx  # a renderer is loaded when it is asked for: a command starts sooner

    return render_docx(book, FORMAL, layout_of(book, FORMAL, fonts), {})
