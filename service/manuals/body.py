"""The manual's documents: chapters, procedures and record forms, each a part with its own header. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from service.book.drawing_chart import ChartNode, draw_organisation
from service.book.filling import offers, with_offers
from service.book.fitting import DEEPEST
from service.book.fitting_table import SMALL
from service.book.form_fit import fit_forms, form_height
from service.book.from_chart import drawn
from service.book.from_text import Setting, blocks_of, narrow_form, text_blocks
from service.book.geometry import FIGURE_GAP, TABLE_GAP, photo_area, picture_area, turned
from service.book.model import Block, Figure, Grid, Heading, Item, Para, Part, Photo, RunningHead, Span, Style
from service.book.photo import photo_size
from service.book.theme import Theme
from service.book.widths import display_width
from service.kit.dates import chinese_date
from service.manuals.cells import cell, table, words
from service.manuals.rules import ManualSource, SourceDocument
from service.manuals.signatures import further_rows, signature_note, signature_row
from service.organisations.rules import Chart, DepartmentNode
from service.text import model as text
from service.text.pictures import numbered_pictures
from service.text.walk import placed_leaves


def running_head(document: SourceDocument, organisation: str) -> RunningHead:
    """Left the organisation and title, right number, label and effective date."""
    since = f"{chinese_date(document.effective_on)}实施" if document.effective_on else ""
    return RunningHead(f"{organisation}  {document.title}", f"{document.number}  {document.label}  {since}".rstrip())


def chapter(document: SourceDocument, source: ManualSource, setting: Setting) -> Part:
    """A part of the manual itself: its heading bears the indicator's code if it is a chapter; at its end stands who signed it."""
    blocks: list[Block] = [Heading(1, document.title, document.procedure.front.indicator, document.anchor)]
    blocks += text_blocks(document.procedure, setting)
    if document.procedure.front.part is text.Part.ORGANISATION:
        blocks += organisation_blocks(source.chart, setting)
    blocks += signature_note(document.signed)
    head = running_head(document, source.organisation)
    return Part(document.anchor, tuple(blocks), head, code=document.code, name=setting.name, said=tuple(setting.said))


def organisation_blocks(chart: Chart, setting: Setting) -> Iterator[Block]:
    """The chart as a drawing; one that could not be read in print as a list of departments with their posts."""
    theme, caption = setting.theme, "组织机构图"
    area = picture_area((theme.text_width, theme.text_height), theme, caption)
    drawing = drawn(lambda: draw_organisation(chart_node(chart), width=theme.text_width, keep=setting.keep), area)
    if drawing is not None:
        yield Figure(drawing, f"组织机构图：{'、'.join(node.name for node in chart.roots)}", caption)
        return
    setting.say("组织机构图无法在一页内排得清楚", "以文字列出各部门和岗位")
    for root in chart.roots:
        yield from _listed(root, 0)


def _listed(department: DepartmentNode, depth: int) -> Iterator[Block]:
    posts = "、".join(post.name for post in department.posts)
    yield Item("——", words(f"{department.name}：{posts}" if posts else department.name), min(depth, DEEPEST))
    for child in department.children:
        yield from _listed(child, depth + 1)


def chart_node(chart: Chart) -> ChartNode:
    """The chart's tree as the drawing wants it: one root; several topmost departments hang below the organisation."""
    nodes = tuple(_node(root) for root in chart.roots)
    return nodes[0] if len(nodes) == 1 else ChartNode("企业", children=nodes)


def _node(department: DepartmentNode) -> ChartNode:
    return ChartNode(department.name, tuple(post.name for post in department.posts), tuple(_node(child) for child in department.children))


def organisation_part(source: ManualSource, setting: Setting) -> Part:
    """The chart as a part of its own, for a manual without a text on the organisation."""
    head = RunningHead(f"{source.organisation}  组织机构图", f"{source.number}  {source.label}")
    blocks = (Heading(1, "组织机构图", anchor="organisation-chart"), *organisation_blocks(source.chart, setting))
    return Part("organisation-chart", blocks, head, name="组织机构图", said=tuple(setting.said))


def procedure(document: SourceDocument, source: ManualSource, setting: Setting) -> Part:
    """A procedure or rule: title, identification and signatures, text, change record."""
    blocks: tuple[Block, ...] = (
        Heading(1, document.title, anchor=document.anchor),
        identification(document),
        *text_blocks(document.procedure, setting),
        *change_table(document),
    )
    head = running_head(document, source.organisation)
    return Part(document.anchor, blocks, head, code=document.code, name=setting.name, said=tuple(setting.said))


def identification(document: SourceDocument) -> Grid:
    """文件编号, 版本/修订状态, 实施日期 and below them everybody who signed, with post and day."""
    facts = (("文件编号", document.number), ("版本/修订", document.label), ("实施日期", chinese_date(document.effective_on)))
    first = tuple(item for name, value in facts for item in (cell(name, head=True), cell(value, align="center")))
    return Grid((12, 21, 13, 21, 12, 21), (first, signature_row(document.signed), *further_rows(document.signed)), air=0.5)


def change_table(document: SourceDocument) -> tuple[Block, ...]:
    rows = [
        (
            cell(row.label, align="center"),
            cell(row.summary),
            cell(chinese_date(row.effective_on), align="center"),
            cell(row.approved_by, align="center"),
        )
        for row in document.history
    ]
    grid = table(("版本/修订", "修改内容", "实施日期", "批准"), rows, (14, 50, 20, 16), size="small", caption="更改记录")
    return (Para((), Style.SPACER), grid)


def form(document: SourceDocument, source: ManualSource, setting: Setting) -> Part:
    """A record form, on one page where it can be: title, number and retention, the ruled table, small notes on filling it in and who signed."""
    years = f"保存期限：{document.retention_years} 年" if document.retention_years else ""
    head = Para(words("    ".join(part for part in (f"编号：{document.number}", f"版本：{document.label}", years) if part)), Style.RIGHT)
    procedure = numbered_pictures(document.procedure)
    notes = (*_notes(procedure, setting), *signature_note(document.signed))
    others = tuple(blocks_of(tuple(block for block in procedure.preamble if not isinstance(block, text.Form)), setting))
    forms = [narrow_form(block, setting) for block in procedure.preamble if isinstance(block, text.Form)]
    broad = any(isinstance(row, text.Grid) and len(row.columns) > SMALL for each in forms for row in each.rows)
    theme = turned(setting.theme) if broad else setting.theme
    room = theme.text_height - _FORM_HEAD - sum(_height(block, theme) for block in (*others, *notes))
    offered = offers(_said(document.procedure))
    blocks = (*others, *(with_offers(grid, offered) for grid in fit_forms(forms, room, theme)))
    title, running = Heading(2, document.title, anchor=document.anchor), running_head(document, source.organisation)
    printed = (title, head, *blocks, *notes)
    return Part(document.anchor, printed, running, landscape=broad, code=document.code, name=setting.name, said=tuple(setting.said))


def _said(procedure: text.Procedure) -> str:
    """The notes on filling in, a line for each paragraph and item."""
    return "\n".join(leaf.text for section, leaf in placed_leaves(procedure) if section)


_FORM_HEAD = 76.0  # title, the line of number and retention, the gap below the table; points


def _notes(procedure: text.Procedure, setting: Setting) -> Iterator[Block]:
    """填写说明 as small print: its heading and its items, one paragraph each; tables and pictures as they are."""
    for section in procedure.sections:
        yield Para(words(section.title, bold=True), Style.NOTE)
        for block in blocks_of(section.blocks, setting):
            if isinstance(block, Item):
                yield Para((*words(f"{block.label} " if block.label else ""), *block.content), Style.NOTE)
            elif isinstance(block, Para):
                yield Para(block.content, Style.NOTE)
            else:
                yield block


def _height(block: Block, theme: Theme) -> float:
    """Points that a note takes, by an estimate of its lines; a table; a picture with what stands around it."""
    if isinstance(block, Grid):
        return form_height(block, theme) + TABLE_GAP
    if isinstance(block, Photo):
        most = photo_area((theme.text_width, theme.text_height), theme, block.caption)
        return photo_size(block, most)[1] + 2 * FIGURE_GAP + (theme.caption.pitch if block.caption else 0)
    return _lines_height(block, theme) if isinstance(block, Para) else 0


def _lines_height(note: Para, theme: Theme) -> float:
    type_, length = theme.type_of(note.style), sum(display_width(part.text) for part in note.content if isinstance(part, Span))
    indent = 2 * theme.body.size + 2 * theme.note.size if note.style is Style.NOTE else 0
    return max(1, ceil(length * type_.size / 2 / (theme.text_width - indent))) * type_.pitch
