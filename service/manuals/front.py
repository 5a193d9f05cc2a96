"""The manual's front matter: cover, letters, change record, table of contents. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.book.from_text import Setting, text_blocks
from service.book.model import Block, Break, Grid, GridCell, Heading, Numbering, Para, Part, Span, Style, Toc
from service.manuals.rules import Change, ManualSource, SourceDocument
from service.text import model as text


def chinese_date(day: date | None) -> str:
    """2026年2月1日; empty for no date."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def words(content: str, *, bold: bool = False, target: str = "") -> tuple[Span, ...]:
    return (Span(content, bold=bold, target=target),) if content else ()


def cell(content: str, *, align: str = "left", head: bool = False, target: str = "", colspan: int = 1, rowspan: int = 1) -> GridCell:
    """A table cell of one paragraph; a head cell is centred, bold and shaded."""
    spans = words(content, bold=False, target=target)
    return GridCell((spans,) if spans else (), colspan, rowspan, "center" if head else align, bold=head, shade=head)


def table(
    heads: Iterable[str], rows: Iterable[Iterable[GridCell]], widths: tuple[float, ...], *, size: str = "body", caption: str = ""
) -> Grid:
    """A register: one head row that repeats, then `rows`."""
    first = tuple(cell(head, head=True) for head in heads)
    return Grid(widths, (first, *(tuple(row) for row in rows)), head=1, size=size, caption=caption)


def space(lines: int) -> tuple[Block, ...]:
    return tuple(Para((), Style.SPACER) for _ in range(lines))


def cover(source: ManualSource, volume: str = "") -> Part:
    """封面: title, number, label, control status, copy number, the three signatures, dates."""
    order = next((d for d in source.documents if d.procedure.front.part is text.Part.PROMULGATION_ORDER), source.documents[0])
    signed = {row.meaning: row.name for row in order.signed}
    facts = [
        ("文件编号", source.number, "版本/修订状态", source.label),
        ("受控状态", "□受控  □非受控", "分发号", ""),
        ("编制", signed.get("编制", ""), "审核", signed.get("审核", "")),
        ("批准", signed.get("批准", ""), "发布日期", chinese_date(order.released_on)),
        ("依据标准", source.standard_number, "实施日期", chinese_date(order.effective_on)),
    ]
    rows = tuple((cell(a, head=True), cell(b, align="center"), cell(c, head=True), cell(d, align="center")) for a, b, c, d in facts)
    grid = Grid((18, 32, 18, 32), tuple(tuple(_tall(item) for item in row) for row in rows), air=0.5)
    blocks: tuple[Block, ...] = (
        *space(3),
        Para(words(source.organisation), Style.COVER_COMPANY),
        *space(4),
        Para(words("售后服务管理手册"), Style.COVER_TITLE),
        *([Para(words(volume), Style.COVER_SUBTITLE)] if volume else []),
        *space(1),
        Para(words(f"依据 {source.standard_number}《{source.standard_title}》编制"), Style.COVER_SUBTITLE),
        *space(6),
        grid,
    )
    return Part("cover", blocks, None, Numbering.NONE)


def _tall(item: GridCell) -> GridCell:
    return GridCell(item.content, item.colspan, item.rowspan, item.align, item.bold, item.shade, lines=1)


def letter(document: SourceDocument, organisation: str, setting: Setting) -> Part:
    """颁布令 or 任命书: title, text with plain subheadings, and below it who orders it and when (落款)."""
    plain = Setting(setting.prefix, setting.targets, numbered=False, images=setting.images)
    ordered_by = next((row for row in document.signed if row.meaning == "批准"), None)
    ending: tuple[Block, ...] = (
        (
            *space(2),
            Para(
                (
                    *words(f"{ordered_by.post}：{ordered_by.name}"),
                    Break(),
                    *words(organisation),
                    Break(),
                    *words(chinese_date(ordered_by.on)),
                ),
                Style.RIGHT,
            ),
        )
        if ordered_by
        else ()
    )
    blocks = (Heading(1, document.title, anchor=document.anchor), *text_blocks(document.procedure, plain), *ending)
    return Part(document.anchor, blocks, None, Numbering.ROMAN)


def change_record(source: ManualSource) -> Part:
    """修订记录 of the whole manual: its first edition as one line, then every document added and every revision since, oldest first."""
    changes = [(change, document) for document in source.documents for change in document.history]
    first = min(change.effective_on or source.on for change, _ in changes)
    later = sorted(
        ((change, document) for change, document in changes if (change.effective_on or source.on) > first),
        key=lambda pair: (pair[0].effective_on or source.on, pair[1].number),
    )
    original = sum((change.effective_on or source.on) == first for change, _ in changes)
    rows = [_change_row(1, f"首版文件共 {original} 份", "", Change("A/0", "首次发布", first, _approver(source)))]
    rows += [
        _change_row(position, f"{document.number} {document.title}", document.anchor, change)
        for position, (change, document) in enumerate(later, 2)
    ]
    grid = table(("序号", "文件", "版本/修订", "修改内容", "实施日期", "批准"), rows, (8, 28, 13, 22, 18, 11))
    return Part("changes", (Heading(1, "修订记录", anchor="changes"), grid), None, Numbering.ROMAN)


def _change_row(position: int, what: str, target: str, change: Change) -> tuple[GridCell, ...]:
    return (
        cell(str(position), align="center"),
        cell(what, target=target),
        cell(change.label, align="center"),
        cell(change.summary),
        cell(chinese_date(change.effective_on)),
        cell(change.approved_by, align="center"),
    )


def _approver(source: ManualSource) -> str:
    names = [row.name for document in source.documents[:1] for row in document.signed if row.meaning == "批准"]
    return names[0] if names else ""


def contents() -> Part:
    return Part("contents", (Para(words("目录"), Style.PART_TITLE), Toc(1)), None, Numbering.ROMAN)
