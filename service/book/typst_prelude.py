"""The typst definitions that blocks call: paragraphs of every style, tables, headings, pages; all measures from the theme."""

from __future__ import annotations

from service.book.drawing_shapes import number
from service.book.drawing_typst import drawing_prelude
from service.book.geometry import HEAD_AIR, header_logo, header_start
from service.book.model import Book, Style
from service.book.theme import Rules, Theme, Type
from service.book.typst_setting import LOGO, edges, stroke
from service.book.typst_text import string


def prelude(book: Book, theme: Theme) -> str:
    return "\n".join(
        (_document(book), _text(theme), drawing_prelude(theme), _paragraphs(theme), _headings(theme), _tables(theme), _pages(theme))
    )


def _document(book: Book) -> str:
    """No date: the typesetter gives the day that PDF/A must have, and joining leaves it out."""
    keywords = ", ".join(string(word) for word in book.keywords) + ("," if book.keywords else "")
    return (
        f"#set document(title: {string(book.title)}, author: {string(book.organisation)}, description: {string(book.subject)}, "
        f"keywords: ({keywords}))"
    )


def families(theme: Theme, sans: bool) -> str:
    """Latin first, but for the marks that Chinese text shares with it (quotes, dashes, dots): those are Hanzi-wide."""
    latin, hanzi = theme.faces.sans_families if sans else theme.faces.serif_families
    return f'((name: {string(latin)}, covers: "latin-in-cjk"), {string(hanzi)})'


def manner(type_: Type, theme: Theme) -> str:
    """Arguments of `set text` for a type: face, weight, colour, size and exact line."""
    top, bottom = edges(type_)
    weight = '"bold"' if type_.bold else '"regular"'
    return (
        f"font: {families(theme, type_.sans)}, weight: {weight}, fill: rgb({string('#' + type_.colour)}), size: {number(type_.size)}pt, "
        f"top-edge: {number(top)}pt, bottom-edge: {number(bottom)}pt"
    )


def _text(theme: Theme) -> str:
    return (
        f'#set text(lang: "zh", region: "cn", cjk-latin-spacing: auto, hyphenate: false, fallback: true, '
        f"costs: (orphan: 0%, widow: 0%, runt: 0%), {manner(theme.body, theme)})\n"
        '#set par(leading: 0pt, spacing: 0pt, justify: true, linebreaks: "simple")\n'
        "#set block(above: 0pt, below: 0pt, spacing: 0pt)\n"
        f"#set strong(delta: 300)\n#let shade = rgb({string('#' + theme.shade)})\n"
        f"#let cd(t) = text(font: {families(theme, True)}, t)"
    )


def _paragraphs(theme: Theme) -> str:
    indent = f"first-line-indent: (amount: {number(theme.indent * theme.body.size)}pt, all: true)"
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
        f"#let band() = place(top + left, dx: {number(-theme.margin_left)}pt, dy: {number(-theme.margin_top)}pt, pdf.artifact("
        f"rect(width: {number(theme.cover_band)}pt, height: {number(theme.page_height)}pt, fill: rgb({string('#' + theme.accent)}))))",
        "#let lw(t) = t.clusters().join(box())",  # a line may end beside a box, and an empty one leaves nothing in the text
        "#let gap(h) = block(height: h * 1pt)",
        "#let stack0(..c) = for part in c.pos() { part }",
        "#show figure: it => it.body",
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
        f"{{ set text({manner(type_, theme)}); align({type_.align or 'center'}, par(justify: false, c)) }})"
    )


def _headings(theme: Theme) -> str:
    return "\n".join(["#set heading(outlined: false)", *(_heading(level, type_, theme) for level, type_ in enumerate(theme.headings, 1))])


def _heading(level: int, type_: Type, theme: Theme) -> str:
    place = type_.align or ("center" if level == 1 else "left")
    return (
        f"#show heading.where(level: {level}): it => block(sticky: true, width: 100%, above: {number(type_.above)}pt, "
        f"below: {number(type_.below)}pt, "
        f"{{ set text({manner(type_, theme)}); set par(justify: false); align({place}, it.body) }})"
    )


def _tables(theme: Theme) -> str:
    """`st` is the strut of a row, `tc` a cell: half a rule above and below its air, so that n lines are n × (pitch + rule) high.

    `tb` and `tn` are tables to be filled in, `rb` and `rn` registers; the second of each pair is in small print.
    """
    padding, air = number(theme.cell_padding), number(theme.cell_air + theme.rule / 2)
    lines = [
        f"#set table(inset: (x: {padding}pt, y: {air}pt), align: horizon + left)",
        "#let st(h, loose: false) = table.cell(inset: 0pt, stroke: none, breakable: loose, block(width: 0pt, height: h * 1pt))",
        "#let tc(..a, c) = table.cell(breakable: false, ..a.named(), c)",
    ]
    for kind, rules in (("t", theme.forms), ("r", theme.registers)):
        for size, type_ in (("b", theme.table), ("n", theme.table_small)):
            set_ = f"set text({manner(type_, theme)}); set par(justify: false)"
            lines.append(f"#let {kind}{size}(..a) = {{ {set_}; table(stroke: {_inner(rules, theme)}, ..a) }}")
    return "\n".join(lines)


def _inner(rules: Rules, theme: Theme) -> str:
    return f"(x: {stroke(rules.down, theme)}, y: {stroke(rules.across, theme)})"


def _pages(theme: Theme) -> str:
    """`part` is a stretch of pages with one header; numbers are laid over the finished pages, since they need the count of all."""
    t, below = theme, theme.margin_bottom - theme.footer_at - theme.running.pitch
    above = theme.margin_top - theme.header_at - theme.running.pitch - HEAD_AIR
    head = (
        f"block(width: 100%, inset: (bottom: {number(HEAD_AIR)}pt), stroke: (bottom: {stroke(theme.head_rule, theme)}), "
        f"{{ set text({manner(theme.running, theme)}); {_head_logo(theme)}par(justify: false, {_head_start(theme)}head.at(0) + h(1fr) + head.at(1)) }})"
    )
    return (
        "#let part(landscape, head, foot, c) = page(\n"
        f"  width: {number(t.page_width)}pt, height: {number(t.page_height)}pt, flipped: landscape,\n"
        f"  margin: (top: {number(t.margin_top)}pt, bottom: {number(t.margin_bottom)}pt, left: {number(t.margin_left)}pt, right: {number(t.margin_right)}pt),\n"
        f"  header-ascent: {number(above)}pt, footer-descent: {number(below)}pt,\n"
        f"  header: if head != none {{ {head} }} else {{ none }},\n"
        f"  footer: {{ set text({manner(theme.running, theme)}); align(center, foot) }}, c)"
    )


def _head_logo(theme: Theme) -> str:
    """The logo on the header's line, as high above it as it is higher, so that the line stays where it is; the words begin after it."""
    if theme.logo is None:
        return ""
    width, height = header_logo(theme, theme.logo)
    size = f"width: {number(width)}pt, height: {number(height)}pt"
    image = f"image({string('/' + LOGO + theme.logo.ending)}, {size})"
    return f"place(left + bottom, {image}); "


def _head_start(theme: Theme) -> str:
    return f"h({number(header_start(theme))}pt) + " if theme.logo else ""
