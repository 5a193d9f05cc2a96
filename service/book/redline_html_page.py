"""A redline as one HTML file that needs nothing else: a summary in front, then the text part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import escape

from service.book.html import POLICY
from service.book.html_style import style_sheet
from service.book.html_text import address, identifier
from service.book.model import Drawing
from service.book.redline_html import render_redline
from service.book.redline_model import Redline
from service.book.theme import Theme


@dataclass(frozen=True, slots=True)
class RedPage:
    """A part of the file: its title is in the contents at the side, `mark` beside it there, `note` in its head; `landscape` parts are broad."""

    anchor: str
    title: str
    mark: str
    note: str
    found: Redline
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class RedSheet:
    """What stands around the parts. `front` is HTML of our own making."""

    title: str
    organisation: str
    subject: str
    front: str


def render_redline_page(
    sheet: RedSheet, pages: Iterable[RedPage], pictures_svg: Mapping[Drawing, bytes], theme: Theme, looks: str
) -> bytes:
    """The bytes of an .html, the same for the same input. `looks`: the style sheet of redlines (static/redline.css); `pictures_svg` as for
    `render_redline`. A photo that is neither PNG nor JPEG raises InputError(code="bad_image")."""
    shown = list(pages)
    body = "\n".join(_part(page, pictures_svg, f"change-{number}") for number, page in enumerate(shown, start=1))
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta name="author" content="{escape(sheet.organisation)}">\n<meta name="description" content="{escape(sheet.subject)}">\n'
        f"<title>{escape(sheet.title)} · {escape(sheet.organisation)}</title>\n<style>{style_sheet(theme)}{looks}{_MORE}</style>\n</head>\n"
        f"<body>\n{_side(sheet, shown)}\n<main>\n<section>{sheet.front}</section>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _side(sheet: RedSheet, pages: list[RedPage]) -> str:
    entries = "".join(
        f'<li><a href="{link_to(page.anchor)}"><span>{escape(page.title)}</span><span class="page">{escape(page.mark)}</span></a></li>'
        for page in pages
    )
    nav = (
        f'<input class="fold" type="checkbox" aria-label="显示目录"><nav aria-label="目录"><ol>{entries}</ol></nav>'
        if len(pages) > 1
        else ""
    )
    return f'<div class="contents"><h1>{escape(sheet.title)}</h1><p>{escape(sheet.organisation)}</p>{nav}</div>'


def link_to(anchor: str) -> str:
    """The address of a page inside the file."""
    return address(_place(anchor))


def _place(anchor: str) -> str:
    """Not the anchor itself, which the part's heading has."""
    return f"part-{anchor}"


def _part(page: RedPage, pictures_svg: Mapping[Drawing, bytes], prefix: str) -> str:
    wide = ' class="wide"' if page.landscape else ""
    head = f'<div class="head"><span>{escape(page.title)}</span><span>{escape(page.note)}</span></div>'
    return (
        f'<section id="{escape(identifier(_place(page.anchor)))}"{wide}>{head}{render_redline(page.found, pictures_svg, prefix)}</section>'
    )


# Inside a sheet of paper the sections of a redline are no sheets of their own.
_MORE = (
    ".redline section{max-width:none;padding:0;border:0;background:none}"
    ":root{--tblr-body-color:#1a1a1a;--tblr-secondary:#5b6470;--tblr-border-color:#dfe3e8;--tblr-border-color-active:#5b6470}"
    ".front td:first-child,.front td.short{white-space:nowrap}.front th{background:var(--shade)}"
    ".contents nav>ol>li>a{font-weight:normal;justify-content:space-between}.contents .page{flex:none;color:#5b6470}"
)
