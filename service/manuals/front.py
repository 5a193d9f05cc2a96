"""The manual's front matter: cover, letters, change record, table of contents. Pure."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from service.book.from_text import Setting, text_blocks
from service.book.model import Block, Break, Grid, GridCell, Heading, Numbering, Para, Part, Span, Style, Toc
from service.book.widths import PAGE_CAPACITY, display_width
from service.kit.dates import chinese_date
from service.manuals.cells import cell, space, table, words
from service.manuals.rules import Change, ManualSource, SourceDocument
from service.manuals.signatures import THREE, further_rows, signature_cell, signature_note
from service.text import model as text


def cover(source: ManualSource, volume: str = "") -> Part:
    """封面: title, number, label, control status, copy number, everybody who signed, dates."""
    order = next((d for d in source.documents if d.procedure.front.part is text.Part.PROMULGATION_ORDER), source.documents[0])
    facts, further = _facts(source, order), further_rows(order.signed, wide=3)
    blocks: tuple[Block, ...] = (
        *space(3),
        Para(words(source.organisation), Style.COVER_COMPANY),
        *space(4),
        Para(words("售后服务管理手册"), Style.COVER_TITLE),
        *([Para(words(volume), Style.COVER_SUBTITLE)] if volume else []),
        *space(1),
        Para(words(f"依据 {source.standard_number}《{source.standard_title}》编制"), Style.COVER_SUBTITLE),
        *space(max(1, 3 - sum(_lines(row) for row in further))),  # the cover stays one page
        Grid((18, 32, 18, 32), (*facts[:-1], *further, facts[-1]), air=0.5),
    )
    return Part("cover", blocks, None, Numbering.NONE)


def _facts(source: ManualSource, order: SourceDocument) -> tuple[tuple[GridCell, ...], ...]:
    prepared, reviewed, approved = (signature_cell(order.signed, name) for name in THREE)
    facts = (
        ("文件编号", _centred(source.number), "版本/修订状态", _centred(source.label)),
        ("受控状态", _centred("□受控  □非受控"), "分发号", _centred("")),
        (THREE[0], prepared, THREE[1], reviewed),
        (THREE[2], approved, "发布日期", _centred(chinese_date(order.released_on))),
        ("依据标准", _centred(source.standard_number), "实施日期", _centred(chinese_date(order.effective_on))),
    )
    return tuple((cell(a, head=True), b, cell(c, head=True), d) for a, b, c, d in facts)


def _centred(content: str) -> GridCell:
    return cell(content, align="center")


def _lines(row: tuple[GridCell, ...]) -> int:
    """Lines that a row takes across the page."""
    last = row[-1].content
    return sum(ceil(sum(display_width(part.text) for part in line if isinstance(part, Span)) / PAGE_CAPACITY) for line in last) + 1


def letter(document: SourceDocument, organisation: str, setting: Setting) -> Part:
    """颁布令 or 任命书: title, text with plain subheadings, below it who orders it and when (落款), and who else signed."""
    plain = replace(setting, numbered=False)
    ordered_by = next((row for row in document.signed if row.meaning == "批准"), None)
    ending: tuple[Block, ...] = (
        (
            *space(1),
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
    text_of = text_blocks(document.procedure, plain)
    blocks = (Heading(1, document.title, anchor=document.anchor), *text_of, *ending, *signature_note(document.signed, ordered_by))
    return Part(document.anchor, blocks, None, Numbering.ROMAN, code=document.code, name=setting.name, said=tuple(setting.said))


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
    grid = table(("序号", "文件", "版本/修订", "修改内容", "实施日期", "批准"), rows, (7, 27, 13, 20, 22, 11))
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
