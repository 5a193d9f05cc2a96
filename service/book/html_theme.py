"""What a theme changes in the HTML: faces, colours and places of headings and of the cover, lines of tables. Sizes stay those of a screen."""

from __future__ import annotations

from collections.abc import Iterator

from service.book.model import Style
from service.book.theme import BLACK, FORMAL, Rules, Theme, Type

_STYLES = (
    Style.NOTE,
    Style.FINE,
    Style.CAPTION,
    Style.PART_TITLE,
    Style.COVER_COMPANY,
    Style.COVER_TITLE,
    Style.COVER_SUBTITLE,
    Style.COVER_LINE,
)
_FLEX = {"left": "flex-start", "center": "center", "right": "flex-end"}
_UNFIT = frozenset("'\"\\<>{};\n")


def theme_rules(theme: Theme) -> str:
    """CSS that follows the common sheet; colours for light screens and paper only, for a dark screen has its own."""
    rules = [*_headings(theme), *_paragraphs(theme), *_tables(theme)]
    return f"@media print,(prefers-color-scheme:light){{\n{''.join(rules)}}}\n" if rules else ""


def quoted(name: str) -> str:
    """A face's name in quotes; marks that could end the string are left out."""
    return f"'{''.join(char for char in name if char not in _UNFIT)}'"


def _headings(theme: Theme) -> Iterator[str]:
    for level, (type_, usual) in enumerate(zip(theme.headings, FORMAL.headings, strict=True), 2):
        place = f"justify-content:{_FLEX[type_.align]};text-align:{type_.align};" if type_.align else ""
        dress = place + _dress(type_, usual)
        if dress:
            yield f"h{level}{{{dress}}}\n"


def _paragraphs(theme: Theme) -> Iterator[str]:
    for tag, type_, usual in (("section", theme.body, FORMAL.body), ("table", theme.table, FORMAL.table)):
        if _dress(type_, usual):
            yield f"{tag}{{{_dress(type_, usual)}}}\n"
    for style in _STYLES:
        type_ = theme.type_of(style)
        dress = (f"text-align:{type_.align};" if type_.align else "") + _dress(type_, FORMAL.type_of(style))
        if dress:
            yield f".{style.value}{{{dress}}}\n"


def _dress(type_: Type, usual: Type) -> str:
    """Colour and faces where they are not those of the common sheet, which is set like the formal theme."""
    colour = "" if type_.colour == BLACK else f"color:#{type_.colour};"
    named = [quoted(name) for name in (type_.latin, type_.hanzi) if name]
    if not named and type_.sans == usual.sans:
        return colour
    return f"{colour}font-family:{','.join([*named, 'var(--sans)' if type_.sans else 'var(--serif)'])};"


def _tables(theme: Theme) -> Iterator[str]:
    if theme.forms != Rules():
        yield f"th,td{{border-color:#{theme.forms.across or theme.accent}}}\n"
    rules = theme.registers
    if rules != Rules():
        across, down = (f"1px solid #{colour}" if colour else "0" for colour in (rules.across, rules.down))
        edge, head = (f"1px solid #{colour}" if colour else "0" for colour in (rules.edge, rules.head))
        side = f"1px solid #{rules.side}" if rules.side else "0"
        yield f"thead th,thead+tbody td{{border-width:0;border-top:{across};border-left:{down}}}\n"
        yield f"thead tr:first-child th{{border-top:{edge}}}thead+tbody tr:first-child td{{border-top:{head}}}\n"
        yield f"thead+tbody tr:last-child td{{border-bottom:{edge}}}\n"
        yield f":is(thead,thead+tbody) tr>:first-child{{border-left:{side}}}:is(thead,thead+tbody) tr>:last-child{{border-right:{side}}}\n"
