"""The page with an organisation's problems: each with where it is and how it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from service.checks.advice import ADVICE, KINDS, Advice
from service.checks.queries import gather
from service.checks.recent import problems_of
from service.checks.rules import SEVERITY_NAMES, Checked, Context, Problem, Severity
from service.documents.rules import anchor_prefix
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.standards.shipped import register
from service.web.depends import AsOf, Reading
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/checks")
Choice = Annotated[str, Query(max_length=40)]
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@dataclass(frozen=True, slots=True)
class Line:
    """A problem as shown: `place` is the section in words, `anchor` its place on the document's page, "" for the whole document."""

    problem: Problem
    advice: Advice
    place: str
    anchor: str


@router.get("")
def problems(
    member: Annotated[Member, allowed(Act.READ_ALL)],
    session: Reading,
    as_of: AsOf,
    severity: Choice = "",
    kind: Choice = "",
    q: Annotated[str, Query(max_length=200)] = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """The problems that fit, errors first, document by document."""
    context = gather(session, member.organisation, as_of or member.today, catalogue(), register())
    found = problems_of(context)
    wanted = {"severity": severity if severity in set(Severity) else "", "kind": kind if kind in KINDS else "", "q": q.strip()}
    fitting = sorted(_fitting(found, context, wanted), key=lambda each: list(Severity).index(each.severity))
    shown = portion(fitting, page, {**wanted, "as_of": as_of})
    return organisation_page(
        "checks/list.html",
        member,
        "checks",
        as_of=as_of,
        kept={name: value for name, value in wanted.items() if value},
        wanted=wanted,
        shown=shown,
        groups=_groups(shown.rows, context),
        total=len(found),
        counts=Counter(each.severity for each in found),
        documents=len(context.documents),
        severity_names=SEVERITY_NAMES,
        colours=COLOURS,
        kinds=KINDS,
    )


def _fitting(found: Iterable[Problem], context: Context, wanted: dict[str, str]) -> Iterator[Problem]:
    titles = {document.number: document.title for document in context.documents}
    words = wanted["q"].casefold().split()
    for each in found:
        text = f"{each.document} {titles.get(each.document, '')} {each.message} {each.quote}".casefold()
        fits = wanted["severity"] in ("", each.severity) and wanted["kind"] in ("", ADVICE[each.code].kind)
        if fits and all(word in text for word in words):
            yield each


def _groups(rows: Sequence[Problem], context: Context) -> list[tuple[Severity, Checked, list[Line]]]:
    """(severity, document, its problems) in the order of the rows."""
    documents = {document.number: document for document in context.documents}
    return [
        (severity, documents[number], [_line(each, documents[number]) for each in found])
        for (severity, number), found in groupby(rows, key=lambda each: (each.severity, each.document))
    ]


def _line(problem: Problem, document: Checked) -> Line:
    section = next((each for each in document.procedure.sections if each.anchor == problem.section), None)
    place = f"{section.clause} {section.title}".strip() if section else "全文"
    prefix = anchor_prefix(document.procedure.front.key, document.number)
    return Line(problem, ADVICE[problem.code], place, f"#{quote(prefix)}.{quote(section.anchor)}" if section else "")
