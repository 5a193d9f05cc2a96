"""The typst definitions that blocks call: paragraphs of every style, tables, headings, pages; all measures from the theme."""

from __future__ import annotations

from service.book.drawing_shapes import number
from service.book.drawing_typst import drawing_prelude
from service.book.model import Book, Style
from service.book.theme import Theme, Type
from service.book.typst_setting import edges
from service.book.typst_text import string


def prelude(book: Book, theme: Theme) -> str:
    return "\n".join(
        (_document(book), _text(theme), drawing_prelude(theme), _paragraphs(theme), _headings(theme), _tables(theme), _pages(theme))
    )


def _document(book: Book) -> str:
    """No date: the same book is the same file on any day."""
    keywords = ", ".join(string(word) for word in book.keywords) + ("," if book.keywords else "")
    return (
        f"#set document(title: {string(book.title)}, author: {string(book.organisation)}, description: {string(book.subject)}, "
        f"keywords: ({keywords}), date: none)"
    )


def families(theme: Theme, sans: bool) -> str:
    """Latin first, but for the marks that Chinese text shares with it (quotes, dashes, dots): those are Hanzi-wide."""
    latin, hanzi = theme.faces.sans_families if sans else theme.faces.serif_families
    return f'((name: {string(latin)}, covers: "latin-in-cjk"), {string(hanzi)})'


def manner(type_: Type, theme: Theme) -> str:
    """Arguments of `set text` for a type: face, weight, size and exact line."""
    top, bottom = edges(type_)
    weight = '"bold"' if type_.bold else '"regular"'
    return (
        f"font: {families(theme, type_.sans)}, weight: {weight}, size: {number(type_.size)}pt, "
        f"top-edge: {number(top)}pt, bottom-edge: {number(bottom)}pt"
    )


def _text(theme: Theme) -> str:
    return (
        f'#set text(lang: "zh", region: "cn", cjk-latin-spacing: none, hyphenate: false, fallback: true, '
        f"costs: (orphan: 0%, widow: 0%, runt: 0%), {manner(theme.body, theme)})\n"
        '#set par(leading: 0pt, spacing: 0pt, justify: true, linebreaks: "simple")\n'
        "#set block(above: 0pt, below: 0pt, spacing: 0pt)\n"
        f"#set strong(delta: 300)\n#let shade = rgb({string('#' + theme.shade)})\n"
        f"#let cd(t) = text(font: {families(theme, True)}, t)"
    )


def _paragraphs(theme: Theme) -> str:
    indent = f"first-line-indent: (amount: {number(2 * theme.body.size)}pt, all: true)"
    lines = [
        f"#let bd(c) = par({indent}, c)",
        "#let fl(c) = par(c)",
        "#let ct(c) = align(center, par(justify: false, c))",
        "#let rt(c) = align(right, par(justify: false, c))",
        f"#let sp(c) = block(height: {number(theme.body.pitch)}pt, c)",
        f"#let nt(start, indent, c) = {{ set text({manner(theme.type_of(Style.NOTE), theme)}); "
        "par(first-line-indent: (amount: start * 1pt, all: true), hanging-indent: indent * 1pt, c) }",
        f"#let fi(c) = {{ set text({manner(theme.type_of(Style.FINE), theme)}); par(justify: false, c) }}",
        "#let it(start, indent, label, c) = par(first-line-indent: (amount: start * 1pt, all: true), hanging-indent: indent * 1pt, label + c)",
        f"#let cp(c) = block(sticky: true, width: 100%, {{ set text({manner(theme.caption, theme)}); align(center, c) }})",
        "#let te(indent, linked, c, page) = block(width: 100%, inset: (left: indent * 1pt), par(justify: false, "
        "linked(c + h(2pt) + box(width: 1fr, repeat([.], gap: 1pt)) + h(2pt) + box(width: 2em, align(right, page)))))",
        "#let gap(h) = block(height: h * 1pt)",
        "#let stack0(..c) = for part in c.pos() { part }",
        "#let scaled(s, c) = scale(x: s, y: s, reflow: true, c)",
        f"#let pc(c) = block(width: 100%, {{ set text({manner(theme.caption, theme)}); align(center, c) }})",
        "#let pic(gap, c, below) = block(breakable: false, width: 100%, above: gap * 1pt, below: if below == none { gap * 1pt } else { 0pt }, "
        "align(center, c) + if below != none { v(gap * 1pt) + pc(below) })",
    ]
    names = {
        "ti": Style.PART_TITLE,
        "cc": Style.COVER_COMPANY,
        "cv": Style.COVER_TITLE,
        "cs": Style.COVER_SUBTITLE,
        "cl": Style.COVER_LINE,
    }
    return "\n".join(lines + [_centred(name, theme.type_of(style), theme) for name, style in names.items()])


def _centred(name: str, type_: Type, theme: Theme) -> str:
    above, below = number(type_.above), number(type_.below)
    return (
        f"#let {name}(c) = block(width: 100%, sticky: true, above: {above}pt, below: {below}pt, "
        f"{{ set text({manner(type_, theme)}); align(center, par(justify: false, c)) }})"
    )


def _headings(theme: Theme) -> str:
    return "\n".join(["#set heading(outlined: false)", *(_heading(level, type_, theme) for level, type_ in enumerate(theme.headings, 1))])


def _heading(level: int, type_: Type, theme: Theme) -> str:
    place = "center" if level == 1 else "left"
    return (
        f"#show heading.where(level: {level}): it => block(sticky: true, width: 100%, above: {number(type_.above)}pt, "
        f"below: {number(type_.below)}pt, "
        f"{{ set text({manner(type_, theme)}); align({place}, par(justify: false, it.body)) }})"
    )


def _tables(theme: Theme) -> str:
    """`st` is the strut of a row, `tc` a cell: half a rule of air above and below, so that n lines are n × (pitch + rule) high."""
    rule, padding = number(theme.rule), number(theme.cell_padding)
    lines = [
        f"#set table(stroke: {rule}pt, inset: (x: {padding}pt, y: {number(theme.rule / 2)}pt), align: horizon + left)",
        "#let st(h) = table.cell(inset: 0pt, stroke: none, breakable: false, block(width: 0pt, height: h * 1pt))",
        "#let tc(..a, c) = table.cell(breakable: false, ..a.named(), c)",
    ]
    for name, type_ in (("tb", theme.table), ("tn", theme.table_small)):
        lines.append(f"#let {name}(..a) = {{ set text({manner(type_, theme)}); set par(justify: false); table(..a) }}")
    return "\n".join(lines)


def _pages(theme: Theme) -> str:
    """`part` is a stretch of pages with one header; numbers are laid over the finished pages, since they need the count of all."""
    t, below = theme, theme.margin_bottom - theme.footer_at - theme.running.pitch
    above = theme.margin_top - theme.header_at - theme.running.pitch
    head = (
        f"block(width: 100%, inset: (bottom: 2pt), stroke: (bottom: {number(theme.rule)}pt), "
        f"{{ set text({manner(theme.running, theme)}); par(justify: false, head.at(0) + h(1fr) + head.at(1)) }})"
    )
    return (
        "#let part(landscape, head, foot, c) = page(\n"
        f"  width: {number(t.page_width)}pt, height: {number(t.page_height)}pt, flipped: landscape,\n"
        f"  margin: (top: {number(t.margin_top)}pt, bottom: {number(t.margin_bottom)}pt, left: {number(t.margin_left)}pt, right: {number(t.margin_right)}pt),\n"
        f"  header-ascent: {number(above)}pt, footer-descent: {number(below)}pt,\n"
        f"  header: if head != none {{ {head} }} else {{ none }},\n"
        f"  footer: {{ set text({manner(theme.running, theme)}); align(center, foot) }}, c)"
    )
