"""The redline of two manuals of 60 documents, all tables included: compared and written as DOCX with tracked changes and as HTML."""

from __future__ import annotations

from dataclasses import replace

from bench.generate import body
from bench.measure import Timed, function
from service.manuals.redline import redlined_manuals
from service.manuals.redline_files import RedlineFormat, render_manual_redline
from service.manuals.rules import ManualSource, SourceDocument
from service.manuals.workshop import default_workshop
from service.text.parse import parse_procedure

SECONDS = 2.0
EVERY = 3  # one document in so many has another revision


def measured(source: ManualSource) -> Timed:
    """From two loaded sources to both files; `source` is that of a generated organisation."""
    workshop, after = default_workshop(), revised(source)

    def run() -> None:
        found = redlined_manuals(source, after, workshop.theme)
        render_manual_redline(found, "redline", list(RedlineFormat), workshop.theme, workshop.fonts)

    return function(run, times=3)


def revised(source: ManualSource) -> ManualSource:
    """The same manual after a year: every third document says something else here and there, the last one is gone."""
    documents = source.documents[:-1]
    changed = tuple(
        _revised(document, number, len(documents)) if number % EVERY == 0 else document for number, document in enumerate(documents)
    )
    return replace(source, documents=changed)


def _revised(document: SourceDocument, number: int, count: int) -> SourceDocument:
    """Other time limits in all clauses, a clause less, a duty and a record more."""
    position = number + 1
    text = (
        body(position, count)
        .replace(" 小时内", " 个工作小时内")
        .replace("说明服务内容", "出示证件并说明服务内容")
        .replace("### 第 3 步的要求\n\n", "")
    )
    text = text.replace("| 检验员 |", "| 资料员 | 保存本过程的记录 |\n| 检验员 |").replace("| 5 年 |", "| 6 年 |")
    front = f"---\nkey: {document.key}\ntitle: {document.title}\nkind: procedure\ndepartment: service\n---\n\n"
    return replace(document, label="A/1", procedure=parse_procedure(front + text))
