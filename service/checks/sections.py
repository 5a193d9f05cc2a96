"""Sections: a procedure has its six sections in order, and no section is empty."""

from __future__ import annotations

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.model import SIX_SECTIONS, Kind
from service.text.plain import section_text


def check_sections(context: Context) -> Problems:
    for document in context.documents:
        if document.kind is Kind.PROCEDURE and not document.unreadable:
            yield from _missing(document)
        yield from _empty(document)


def _missing(document: Checked) -> Problems:
    titles = [section.title for section in document.procedure.sections if section.level == 1]
    for title in SIX_SECTIONS:
        if title not in titles:
            yield Problem("missing_section", Severity.ERROR, document.number, "", f"程序文件缺少“{title}”一章", "")
    known = [title for title in titles if title in SIX_SECTIONS]
    if known != [title for title in SIX_SECTIONS if title in known]:
        yield Problem(
            "section_order", Severity.ERROR, document.number, "", f"六个章节的顺序应为{'、'.join(SIX_SECTIONS)}，每章一次", "、".join(known)
        )
    for title in titles:
        if title not in SIX_SECTIONS:
            yield Problem("unknown_section", Severity.WARNING, document.number, "", f"“{title}”不是程序文件的六个章节之一", title)


def _empty(document: Checked) -> Problems:
    for section in document.procedure.sections:
        if section_text(document.procedure, section.anchor).strip() in ("", section.title):
            message = f"第 {section.clause} 条“{section.title}”没有内容"
            yield Problem("empty_section", Severity.ERROR, document.number, section.anchor, message, section.title)
