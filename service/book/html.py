"""A Book as one HTML file that needs nothing else: style, pictures and one script of ours inside, contents and search at its side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import escape

from service.book.code import code_svg
from service.book.geometry import cover_logo, cover_logo_side
from service.book.html_blocks import block, heading_text
from service.book.html_reading import ALLOWED, ENDING, SEARCH
from service.book.html_reading_style import READING_STYLE
from service.book.html_style import style_sheet
from service.book.html_text import Page, address, embedded, given_id
from service.book.links import anchors_of
from service.book.model import Book, Drawing, Heading, Layout, Numbering, Part, Toc
from service.book.photo import MEDIA, PIXEL
from service.book.theme import Theme

CHECK = "核对本修订是否现行有效"
SIDE_DEPTH = 2  # levels of headings in the contents at the side
# Nothing is loaded and nothing runs, whatever a text may hold; in a book the one script that is allowed by its hash.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render_html(book: Book, theme: Theme, pictures_svg: Mapping[Drawing, bytes], layout: Layout | None = None) -> bytes:
    """The bytes of an .html, the same for the same input.

    `pictures_svg` holds an SVG of our own making for every drawing of the book. With `layout`, references name the pages of the
    printed book; without it they show a dash. A photo of another kind than PNG, JPEG and SVG raises InputError(code="bad_image").
    """
    page = Page(anchors_of(book), layout, {drawing: inline_svg(data) for drawing, data in pictures_svg.items()})
    outline = [each for part in book.parts for each in part.blocks if isinstance(each, Heading) and each.outline and each.anchor]
    parts = "\n".join([_part(part, outline, page, theme) for part in book.parts])
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}; {ALLOWED}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta name="author" content="{escape(book.organisation)}">\n<meta name="description" content="{escape(book.subject)}">\n'
        f'<meta name="keywords" content="{escape(",".join(book.keywords))}">\n'
        f"<title>{escape(book.title)} · {escape(book.organisation)}</title>\n<style>{style_sheet(theme)}{READING_STYLE}</style>\n</head>\n<body>\n"
        f"{_side(book, outline)}\n<main>\n{parts}\n</main>\n{ENDING}\n</body>\n</html>\n"
    ).encode()


def inline_svg(data: bytes) -> str:
    """An SVG as an element: a declaration before it has no place inside HTML."""
    text = data.decode()
    return text[text.index("<svg") :].strip()


def _side(book: Book, outline: Sequence[Heading]) -> str:
    """Title, search and contents; on a phone a box to tick unfolds the contents, because details cannot be open on one screen only."""
    entries = _entries([heading for heading in outline if heading.level <= SIDE_DEPTH], None)
    return (
        f'<div class="contents"><h1>{escape(book.title)}</h1><p>{escape(book.organisation)}</p>{SEARCH}'
        f'<input class="fold" type="checkbox" aria-label="显示目录"><nav aria-label="目录">{entries}</nav></div>'
    )


def _part(part: Part, outline: Sequence[Heading], page: Page, theme: Theme) -> str:
    wide = ' class="wide"' if part.landscape else ""
    section = f"<section{given_id(part.anchor, page)}{wide}>{_head(part)}{_logo(theme) if part.numbering is Numbering.NONE else ''}"
    blocks = [_toc(each, outline, page) if isinstance(each, Toc) else block(each, page) for each in part.blocks]
    return "\n".join((section, *blocks, "</section>"))


def _logo(theme: Theme) -> str:
    """The company's logo at the top of a cover, where the printed page has it."""
    if theme.logo is None:
        return ""
    width, height = (round(length / PIXEL) for length in cover_logo(theme.logo))
    image = f'<img src="{embedded(theme.logo.data, MEDIA[theme.logo.ending])}" alt="企业标志" width="{width}" height="{height}">'
    return f'<p style="text-align:{cover_logo_side(theme)}">{image}</p>'


def _head(part: Part) -> str:
    words = f"<span>{escape(part.head.left)}</span><span>{escape(part.head.right)}</span>" if part.head else ""
    return (f'<div class="head">{words}</div>' if words else "") + (_code(part.code) if part.code else "")


def _code(code: str) -> str:
    """The QR symbol for who holds the printed page, as a link for who reads on a screen."""
    return f'<a class="code" href="{escape(code)}" rel="noopener noreferrer" title="{CHECK}" aria-label="{CHECK}">{inline_svg(code_svg(code))}</a>'


def _toc(toc: Toc, outline: Sequence[Heading], page: Page) -> str:
    return f'<div class="toc">{_entries([heading for heading in outline if heading.level <= toc.depth], page.layout)}</div>'


def _entries(headings: Sequence[Heading], layout: Layout | None) -> str:
    """Nested lists: what stands below a heading is a list inside its item."""
    starts = [index for index, heading in enumerate(headings) if heading.level <= headings[0].level]
    items = [
        f"<li>{_entry(headings[start], layout)}{_entries(headings[start + 1 : end], layout)}</li>"
        for start, end in pairwise((*starts, len(headings)))
    ]
    return f"<ol>{''.join(items)}</ol>" if items else ""


def _entry(heading: Heading, layout: Layout | None) -> str:
    label = layout.pages.get(heading.anchor, "") if layout else ""
    page = f'<span class="page">{escape(label)}</span>' if label else ""
    return f'<a href="{address(heading.anchor)}">{heading_text(heading)}{page}</a>'
