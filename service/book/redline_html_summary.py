"""What changed, in short, as HTML: counts, a legend of the marks, links to the sections with changes."""

from __future__ import annotations

from markupsafe import escape

from service.book.html_text import address
from service.book.redline_changes import CHANGE_NAMES, Change
from service.book.redline_summary import Counts, SectionSummary, Summary


def render_summary(found: Summary) -> str:
    """How much changed, what the marks mean, and links to the sections with changes."""
    if not found.counts.total:
        return '<div class="redline-summary"><p>两份文本的内容一致，没有改动。</p></div>'
    lines = "\n".join(_section_line(section) for section in found.sections)
    return (
        f'<div class="redline-summary">\n<p>共 {found.counts.total} 处改动：{_numbers(found.counts)}。</p>\n{_LEGEND}\n'
        f'<ol aria-label="有改动的条款">\n{lines}\n</ol>\n</div>'
    )


_LEGEND = '<p class="legend" aria-hidden="true">图例：<ins>新增</ins><del>删除</del><ins class="moved">移入</ins><del class="moved">移出</del></p>'


def _numbers(counts: Counts) -> str:
    found = {change: getattr(counts, change.value) for change in Change}
    return "，".join(f"{CHANGE_NAMES[change]} {number} 处" for change, number in found.items() if number)


def _section_line(section: SectionSummary) -> str:
    title = section.title or "第一条之前的正文"
    number = f'<span class="number">{escape(section.clause)}</span> ' if section.clause else ""
    name = f"{number}{escape(title)}"
    link = f'<a href="{address(section.anchor)}">{name}</a>' if section.anchor else name
    whole = {Change.INSERTED: "新增条款", Change.DELETED: "已删除", Change.MOVED: "整条移动"}
    notes = (f"原 {section.former_clause}" if section.former_clause else "", whole.get(section.change, "") if section.change else "")
    told = "，".join((*filter(None, notes), _numbers(section.counts)))
    return f"<li>{link}<span>{escape(told)}</span></li>"
