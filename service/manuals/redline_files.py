"""Redlines as files: of two manuals, of two revisions of a document; DOCX with tracked changes and HTML to read. Same source, same bytes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from markupsafe import escape

from service.book.docx_writing import Pictures
from service.book.drawing_svg import to_svg
from service.book.model import Block, Book, Drawing, Figure, Numbering, Part, RunningHead
from service.book.pictured import pictures
from service.book.redline import redline
from service.book.redline_book import FATE_NAMES, Fate, both
from service.book.redline_docx import RedBook, RedPart, render_redline_docx
from service.book.redline_html_page import RedPage, RedSheet, link_to, render_redline_page
from service.book.redline_html_summary import render_summary
from service.book.redline_model import Changed, ChangedGrid, Kept, Redline
from service.book.redline_summary import summary
from service.book.theme import Theme
from service.errors import InputError
from service.manuals.redline import ManualRedline, NamedChange, changed, fates, front, numbers

REDLINE_LOOKS = Path(__file__).resolve().parent.parent / "web" / "static" / "redline.css"


class RedlineFormat(StrEnum):
    DOCX = "docx"
    HTML = "html"


def redline_formats(names: Collection[str]) -> list[RedlineFormat]:
    """InputError for a name that is none."""
    try:
        return [RedlineFormat(name) for name in names]
    except ValueError as fault:
        raise InputError(f"没有这种格式：{'、'.join(names)}，可用：{'、'.join(RedlineFormat)}", code="unknown_format") from fault


@dataclass(frozen=True, slots=True)
class DocumentRedline:
    """Two revisions of a document: `stem` names the files, `labels` are A/0 → A/1, `on` the day that the new one is of."""

    stem: str
    organisation: str
    number: str
    title: str
    labels: str
    on: date
    found: Redline


def document_redline(
    names: tuple[str, str, str], labels: tuple[str, str], old: Sequence[Block], new: Sequence[Block], *, on: date
) -> DocumentRedline:
    """`names`: organisation, number and title."""
    organisation, number, title = names
    stem = f"{number.replace('/', '-')}-{'-'.join(label.replace('/', '') for label in labels)}-redline"
    return DocumentRedline(stem, organisation, number, title, " → ".join(labels), on, redline(old, new))


def render_document_redline(
    found: DocumentRedline, formats: Collection[RedlineFormat], theme: Theme, fonts: Path, *, author: str = ""
) -> dict[str, bytes]:
    """Files by name. Accepting all changes of the DOCX gives exactly the new text, so nothing stands beside it; `author` made them, else
    the organisation."""
    blocks = _blocks(found.found)
    head = RunningHead(f"{found.organisation}  {found.title}", f"{found.number}  修订对照 {found.labels}")
    part = RedPart(Part("redline", (), head), found.found)
    made = {}
    if RedlineFormat.DOCX in formats:
        book = RedBook(f"{found.title} 修订对照", found.organisation, f"{found.number} {found.labels}", (part,))
        drawn = _pictures(blocks, theme, fonts)
        made[f"{found.stem}.docx"] = render_redline_docx(book, theme, drawn, author=author or found.organisation, on=found.on)
    if RedlineFormat.HTML in formats:
        told = f"<h2>{escape(found.number)} {escape(found.title)}</h2><p>{escape(found.labels)}</p>{render_summary(summary(found.found))}"
        sheet = RedSheet(f"{found.title} 修订对照", found.organisation, f"{found.number} {found.labels}", told)
        page = RedPage(part.part.anchor, found.title, "", found.labels, found.found)
        made[f"{found.stem}.html"] = render_redline_page(sheet, [page], _svgs(blocks, theme), theme, redline_looks())
    return made


def render_manual_redline(
    found: ManualRedline, stem: str, formats: Collection[RedlineFormat], theme: Theme, fonts: Path, *, author: str = ""
) -> dict[str, bytes]:
    """Files by name: the DOCX holds the whole manual after the summary, the HTML the documents that changed."""
    made = {}
    if RedlineFormat.DOCX in formats:
        drawn = _pictures(list(both([each.change for each in found.changes])), theme, fonts)
        parts = (_kept(front(found)), *(RedPart(_headed(each, found), each.change.found) for each in found.changes))
        book = RedBook(found.title, found.organisation, found.subject, parts)
        made[f"{stem}.docx"] = render_redline_docx(book, theme, drawn, author=author or found.organisation, on=found.on)
    if RedlineFormat.HTML in formats:
        made[f"{stem}.html"] = _manual_page(found, theme)
    return made


def _kept(part: Part) -> RedPart:
    return RedPart(part, tuple(Kept(block) for block in part.blocks))


def _headed(each: NamedChange, found: ManualRedline) -> Part:
    """The part with a header that says what became of it; pages are numbered through."""
    what = f"{each.number}  {each.labels}".strip()
    head = RunningHead(f"{found.organisation}  {each.title}", f"{what}  {FATE_NAMES[each.change.fate]}".strip())
    return replace(each.change.part, head=head, numbering=Numbering.ARABIC)


def _manual_page(found: ManualRedline, theme: Theme) -> bytes:
    listed = changed(found)
    sheet = RedSheet(found.title, found.organisation, found.subject, _front(found, listed))
    pages = [
        RedPage(
            each.change.part.anchor, each.name, FATE_NAMES[each.change.fate], _note(each), each.change.found, each.change.part.landscape
        )
        for each in listed
    ]
    svgs = _svgs(list(both([each.change for each in listed])), theme)
    return render_redline_page(sheet, pages, svgs, theme, redline_looks())


def _note(each: NamedChange) -> str:
    return f"{each.labels} {FATE_NAMES[each.change.fate]}".strip()


def _front(found: ManualRedline, listed: Sequence[NamedChange]) -> str:
    rows = "".join(
        f'<tr><td>{escape(each.number)}</td><td><a href="{link_to(each.change.part.anchor)}">{escape(each.title)}</a></td>'
        f'<td class="short">{escape(each.labels)}</td><td class="short">{FATE_NAMES[each.change.fate]}</td>'
        f"<td>{escape(numbers(each.change.counts))}</td></tr>"
        for each in listed
    )
    same = "；".join(each.name for each in found.changes if each.change.fate is Fate.SAME)
    heads = "".join(f"<th>{name}</th>" for name in ("文件编号", "名称", "版本/修订", "变化", "改动"))
    register = (
        f'<div class="scroll"><table class="small front">{_WIDTHS}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        if rows
        else ""
    )
    return (
        f"<h2>{escape(found.title)}</h2>"
        f"<p>原版：{escape(found.old)}现行的手册；新版：{escape(found.new)}现行的手册。共比较 {len(found.changes)} 份：{escape(fates(found))}。</p>"
        f'{register}<p class="note">{f"未改动的文件：{escape(same)}。" if same else ""}</p>'
    )


_WIDTHS = "<colgroup>" + "".join(f'<col style="width:{width}%">' for width in (16, 34, 14, 9, 27)) + "</colgroup>"


def _blocks(found: Redline) -> list[Block]:
    """Those that can be pictures: they are kept, or come and go as a whole."""
    return [each.block for each in found if not isinstance(each, Changed | ChangedGrid)]


def _pictures(blocks: Sequence[Block], theme: Theme, fonts: Path) -> Pictures:
    return pictures(Book("", "", "", (Part("", tuple(blocks)),)), theme, fonts)


def _svgs(blocks: Sequence[Block], theme: Theme) -> dict[Drawing, bytes]:
    return {block.drawing: to_svg(block.drawing, theme) for block in blocks if isinstance(block, Figure)}


@lru_cache(maxsize=1)
def redline_looks() -> str:
    """The style sheet of redlines, which pages use too."""
    return REDLINE_LOOKS.read_text("utf-8")
