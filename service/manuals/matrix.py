"""Tables that the program makes of coverage: 职能分配表 and 指标对照表. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.book.model import Block, Grid, GridCell, Heading, PageOf, Para, Part, RunningHead, Span, Style
from service.coverage.rules import STATE_NAMES, State
from service.manuals.cells import cell, table, words
from service.manuals.rules import ManualSource, SourceIndicator
from service.organisations.rules import DepartmentNode, departments_of
from service.standards.rules import STATUS_LABELS
from service.text.plain import section_text


def responsibility_matrix(source: ManualSource) -> Part:
    """职能分配表: indicator × department; ▲ owns the text that answers most elements, △ owns another or acts in one of them."""
    departments = tuple(departments_of(source.chart))
    heads = ("条款", "评价指标", *(department.name for department in departments))
    rows: list[tuple[GridCell, ...]] = [tuple(cell(head, head=True) for head in heads)]
    posts = _acting(source, departments)
    branch = ""
    for row in source.indicators:
        if row.indicator.parent != branch:
            branch = row.indicator.parent or ""
            rows.append((cell(f"{branch} {source.branches.get(branch, '')}", head=True, colspan=len(heads)),))
        rows.append(_responsibility(row, departments, posts))
    widths = (6.5, 19.0, *([max(5.0, 74.5 / len(departments))] * len(departments)))
    note = Para(words("▲ 主责部门  △ 相关部门。依据各指标所对应的现行文件及其职责规定生成。"), Style.NOTE)
    head = RunningHead(f"{source.organisation}  职能分配表", f"{source.number}  {source.label}")
    blocks: tuple[Block, ...] = (
        Heading(1, "职能分配表", anchor="responsibilities"),
        Grid(widths, tuple(rows), head=1, size="small", stub=2),
        note,
    )
    return Part("responsibilities", blocks, head, landscape=True)


def _acting(source: ManualSource, departments: tuple[DepartmentNode, ...]) -> dict[str, frozenset[str]]:
    """By document number: the departments one of whose posts stands in the text's 职责 section."""
    found = {}
    for document in source.documents:
        anchors = {section.anchor for section in document.procedure.sections}
        duties = section_text(document.procedure, "duties") if "duties" in anchors else ""
        found[document.number] = frozenset(d.name for d in departments if any(post.name in duties for post in d.posts))
    return found


def _responsibility(
    row: SourceIndicator, departments: tuple[DepartmentNode, ...], acting: dict[str, frozenset[str]]
) -> tuple[GridCell, ...]:
    keys = {key: department.name for department in departments for key in (department.key, *department.aliases)}
    owners = Counter(keys.get(claim.department, claim.department) for claim in row.claims)
    lead = owners.most_common(1)[0][0] if owners else ""
    others = set(owners) | {name for claim in row.claims for name in acting.get(claim.number, ())}
    marks = ("▲" if d.name == lead else "△" if d.name in others else "" for d in departments)
    title = "（删减）" if row.state is State.NOT_APPLICABLE else ""
    return (cell(row.indicator.code), cell(row.indicator.title + title), *(cell(mark, align="center") for mark in marks))


def indicator_table(source: ManualSource) -> Part:
    """指标对照表: every indicator, how sure its text is, which clauses answer it, on which page."""
    rows = [tuple(_indicator_cells(row)) for row in source.indicators]
    heads = ("条款", "评价指标（转述）", "依据", "对应文件、章节与页码", "状态")
    grid = table(heads, rows, (9, 32, 8, 42, 9), size="small")
    note = Para(words("指标文字为本系统的转述，非标准原文；“部分有来源”“推断”的条目未经标准文本核对，使用前应以标准文本为准。"), Style.NOTE)
    head = RunningHead(f"{source.organisation}  指标对照表", f"{source.number}  {source.label}")
    return Part("indicators", (Heading(1, "附录 指标对照表", anchor="indicators"), note, grid), head)


def _indicator_cells(row: SourceIndicator) -> Iterator[GridCell]:
    places = {(claim.number, claim.clause, claim.section_title, claim.anchor): None for claim in row.claims}
    yield cell(row.indicator.code)
    yield cell(row.indicator.requirement)
    yield cell(STATUS_LABELS[row.indicator.status].label, align="center")
    if row.state is State.NOT_APPLICABLE:
        yield cell(f"删减理由：{row.justification}")
    else:
        yield GridCell(
            tuple(
                (Span(f"{number} {clause} {title}", target=anchor), Span("（第 "), PageOf(anchor), Span(" 页）"))
                for number, clause, title, anchor in places
            )
        )
    yield cell(STATE_NAMES[row.state], align="center")
