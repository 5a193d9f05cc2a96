"""Writing a draft section by section: its text, its outline, what it claims, its facts. Each is an edit of the whole source."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from service.accounts.rules import has_control_characters
from service.clock import local_date
from service.documents import queries
from service.documents.actions import edit, replace_source
from service.documents.models import Document, Revision
from service.documents.recording import record_about
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, departments_of, names_by_key, require
from service.standards.rules import Standard, find_indicator
from service.text.editing import check_template, edited
from service.text.front_writing import with_claim, with_department, with_title
from service.text.model import ClaimLine
from service.text.source_outline import with_heading, with_new_section, with_section_moved, without_section
from service.text.source_sections import find_section, section_bodies, with_section

LONGEST_TITLE = 100
LONGEST_SUMMARY = 2000


class OutlineStep(StrEnum):
    """What can be done with a section as a whole."""

    ADD = "add"
    ADD_BELOW = "add_below"
    RENAME = "rename"
    UP = "up"
    DOWN = "down"
    DELETE = "delete"


def edit_section(
    session: Session, document: Document, revision: Revision, anchor: str, written: object, *, by: Actor, at: datetime
) -> None:
    """Put what the editor's document says into the section `anchor`. InputErrors are those of `edited` and `with_section`."""
    body = find_section(section_bodies(revision.source), anchor).body
    _put(session, document, revision, with_section(revision.source, anchor, edited(body, written)), by=by, at=at)


def edit_section_source(
    session: Session, document: Document, revision: Revision, anchor: str, body: str, *, by: Actor, at: datetime
) -> None:
    """The same for who writes the section's source text."""
    check_template(body)
    _put(session, document, revision, with_section(revision.source, anchor, body), by=by, at=at)


def change_outline(
    session: Session, document: Document, revision: Revision, step: OutlineStep, anchor: str, title: str = "", *, by: Actor, at: datetime
) -> str:
    """Add, rename, move or delete a section; returns the anchor of the one to show next, "" for the first."""
    source, shown = revision.source, anchor
    if step in (OutlineStep.ADD, OutlineStep.ADD_BELOW):
        source, shown = with_new_section(source, anchor, title, below=step is OutlineStep.ADD_BELOW)
    elif step is OutlineStep.RENAME:
        source = with_heading(source, anchor, title)
    elif step is OutlineStep.DELETE:
        source, shown = without_section(source, anchor), ""
    else:
        source = with_section_moved(source, anchor, up=step is OutlineStep.UP)
    _put(session, document, revision, source, by=by, at=at)
    return shown


def claim(
    session: Session, document: Document, revision: Revision, line: ClaimLine, standard: Standard, *, by: Actor, at: datetime
) -> None:
    """Let a section of the draft answer just these elements of an indicator; none: not the indicator at all."""
    indicator = find_indicator(standard, line.indicator)
    if line.elements and (indicator is None or not 1 <= min(line.elements) <= max(line.elements) <= len(indicator.elements)):
        raise InputError("请从列出的指标和要素中选择", code="unknown_indicator")
    if not line.section:
        raise InputError("只有带标题的章节可以对应指标", code="unknown_section")
    _put(session, document, revision, with_claim(revision.source, line), by=by, at=at)


def change_facts(
    session: Session, document: Document, revision: Revision, *, title: str, department: str, change_summary: str, by: Actor, at: datetime
) -> None:
    """Another title, department in charge or change summary.

    A department is changed before the first release only: what was in force under it must stay as it was.
    """
    require(by, Act.DRAFT, document.department)
    title, change_summary = " ".join(title.split()), change_summary.strip()
    _check_facts(title, change_summary)
    before = {"title": revision.title, "department": document.department, "change_summary": revision.change_summary}
    after = {"title": title, "department": department, "change_summary": change_summary}
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return
    source = with_title(revision.source, title)
    if "department" in changed:
        _check_department(session, document, department, by, at)
        source, document.department = with_department(source, department), department
    replace_source(session, document, revision, source, by=by, at=at)
    revision.change_summary = change_summary
    session.add_all([document, revision])
    record_about(session, document, "revision:facts", by=by, at=at, details={"label": revision.label, **changed})


def _check_facts(title: str, change_summary: str) -> None:
    for words, name, longest in ((title, "文件名称", LONGEST_TITLE), (change_summary, "修改内容", LONGEST_SUMMARY)):
        if not words or len(words) > longest or has_control_characters(words.replace("\n", " ")):
            raise InputError(f"{name}应有 1 到 {longest} 个字，不能有控制字符", code="bad_facts")
    if "《" in title or "》" in title:
        raise InputError("文件名称里不写书名号", code="bad_facts")


def may_change_department(session: Session, document: Document) -> bool:
    """Whether no revision of the document was ever released."""
    return queries.last_released(session, document) is None


def _check_department(session: Session, document: Document, department: str, by: Actor, at: datetime) -> None:
    if not may_change_department(session, document):
        raise Refused("文件已经发布过，归口部门不能再改", code="department_settled")
    organisation = session.get_one(Organisation, document.organisation_id)
    chart = chart_on(session, organisation.id, local_date(at, organisation.time_zone))
    if department not in names_by_key(departments_of(chart)):
        raise InputError("请从组织机构的部门中选择归口部门", code="unknown_department")
    require(by, Act.DRAFT, department)


def _put(session: Session, document: Document, revision: Revision, source: str, *, by: Actor, at: datetime) -> None:
    """An edit, where there is anything to change; refused in either case for what is no draft."""
    require(by, Act.DRAFT, document.department)
    if revision.status is not Status.DRAFT:
        raise Refused(f"只有编制中的修订可以修改，{document.number} {revision.label} 不是", code="not_a_draft")
    if source != revision.source:
        edit(session, document, revision, source, by=by, at=at)
