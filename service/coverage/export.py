"""指标对照表 as JSON, XLSX and DOCX."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from service.book.docx import render_docx
from service.book.model import Book, Grid, GridCell, Heading, Numbering, Para, Part, RunningHead, Span, Style
from service.book.theme import FORMAL
from service.book.xlsx import Sheet, Value, render_xlsx
from service.coverage.queries import Coverage, IndicatorRow
from service.coverage.rules import ELEMENT_NAMES, PROOF_NAMES, STATE_NAMES
from service.coverage.views import CELL_NAMES, CELL_SIGNS, Cell, map_of
from service.standards.rules import STATUS_LABELS

NOTICE = "指标文字为本系统的转述，非标准原文；依据一栏说明每条文字的来源状况，使用前应以标准文本为准。"


def as_json(coverage: Coverage) -> dict[str, Any]:
    """The shape that interfaces.md promises, with provenance and labels added."""
    return {
        "standard": coverage.standard.id,
        "on": coverage.on.isoformat(),
        "totals": coverage.totals,
        "indicators": [_indicator(row) for row in coverage.indicators],
    }


def _indicator(row: IndicatorRow) -> dict[str, Any]:
    indicator = row.indicator
    return {
        "code": indicator.code,
        "title": indicator.title,
        "requirement": indicator.requirement,
        "state": row.state.value,
        "status": indicator.status.value,
        "elements": [{"text": e.text, "proof": e.proof, "state": e.state.value} for e in row.elements],
        "claims": [
            {
                "document": c.document,
                "title": c.title,
                "label": c.label,
                "section": c.section,
                "clause": c.clause,
                "section_title": c.section_title,
                "element": c.element,
                "quote": c.quote,
                "confirmed_by": c.confirmed_by,
            }
            for c in row.claims
        ],
        "justification": row.not_applicable.justification if row.not_applicable else None,
    }


def json_bytes(coverage: Coverage, _organisation: str) -> bytes:
    return (json.dumps(as_json(coverage), ensure_ascii=False, indent=2) + "\n").encode()


def _rows(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    """One row per element: code, requirement, provenance, state, element, proof, element's state, where, words."""
    rows = []
    for row in coverage.indicators:
        for position, element in enumerate(row.elements, 1):
            claims = [claim for claim in row.claims if claim.element == position]
            rows.append(
                (
                    row.indicator.code,
                    row.indicator.requirement,
                    STATUS_LABELS[row.indicator.status].label,
                    STATE_NAMES[row.state],
                    element.text,
                    PROOF_NAMES[element.proof],
                    "删减" if row.not_applicable else ELEMENT_NAMES[element.state],
                    "\n".join(f"{c.document} {c.clause} {c.section_title}" for c in claims),
                    row.not_applicable.justification if row.not_applicable else "\n".join(c.quote for c in claims),
                )
            )
    return tuple(rows)


HEADS = (
    ("条款", 9),
    ("评价指标（转述）", 34),
    ("依据", 10),
    ("状态", 10),
    ("要素", 24),
    ("证明方式", 10),
    ("要素状态", 14),
    ("对应文件与章节", 30),
    ("原文摘录", 60),
)


def xlsx_bytes(coverage: Coverage, organisation: str) -> bytes:
    totals = coverage.totals
    summary: tuple[tuple[Value, ...], ...] = (
        ("企业", organisation),
        ("标准", f"{coverage.standard.number}《{coverage.standard.title}》"),
        ("日期", coverage.on.isoformat()),
        ("指标总数", totals["indicators"]),
        *((name, totals[state.value]) for state, name in STATE_NAMES.items()),
        ("说明", NOTICE),
    )
    return render_xlsx([Sheet("指标对照表", HEADS, _rows(coverage)), _map(coverage), Sheet("汇总", (("项目", 14), ("内容", 60)), summary)])


def _map(coverage: Coverage) -> Sheet:
    """Indicators × documents that claim something: a sign and the clauses where they do."""
    shown = map_of(coverage, coverage.indicators)
    rows = (
        (line.row.indicator.code, line.row.indicator.title, STATE_NAMES[line.row.state], *(_words(cell) for cell in line.cells))
        for group in shown.groups
        for line in group.rows
    )
    heads = (("条款", 9), ("评价指标", 24), ("状态", 10), *((f"{each.number} {each.title}", 12) for each in shown.documents))
    legend = "；".join(f"{sign} {CELL_NAMES[state]}" for state, sign in CELL_SIGNS.items())
    return Sheet("指标与文件矩阵", heads, tuple(rows), freeze=(1, 2), heading=("指标与文件矩阵", legend))


def _words(cell: Cell | None) -> str:
    clauses = dict.fromkeys(claim.clause for claim in cell.claims) if cell else ()
    return f"{CELL_SIGNS[cell.standing]} {'、'.join(clauses)}".strip() if cell else ""


def docx_bytes(coverage: Coverage, organisation: str) -> bytes:
    heads = tuple(GridCell(((Span(title),),), align="center", bold=True, shade=True) for title, _ in HEADS)
    rows = tuple(tuple(_text_cell(words) for words in row) for row in _rows(coverage))
    grid = Grid(tuple(float(width) for _, width in HEADS), (heads, *rows), head=1, size="small")
    title = f"{coverage.standard.number} 指标对照表"
    blocks = (Heading(1, title, anchor="matrix"), Para((Span(NOTICE),), Style.NOTE), grid)
    part = Part("matrix", blocks, RunningHead(organisation, coverage.on.isoformat()), Numbering.ARABIC, landscape=True)
    return render_docx(Book(title, organisation, title, (part,)), FORMAL, None, {})


def _text_cell(words: str) -> GridCell:
    return GridCell(tuple((Span(line),) for line in words.split("\n") if line))


FORMATS: Mapping[str, Callable[[Coverage, str], bytes]] = {"json": json_bytes, "xlsx": xlsx_bytes, "docx": docx_bytes}
