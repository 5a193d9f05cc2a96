"""Two manuals, or two revisions of a document, as redlines ready to be printed: what is compared, and the summary in front. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.book.model import Block, Grid, Heading, Numbering, Para, Part, RunningHead, Style
from service.book.redline_book import FATE_NAMES, Fate, PartChange, redlined_books
from service.book.redline_changes import CHANGE_NAMES, Change
from service.book.redline_runs import plain
from service.book.redline_summary import Counts
from service.book.theme import FORMAL, Theme
from service.kit.dates import chinese_date
from service.manuals.assemble import assemble
from service.manuals.cells import cell, table, words
from service.manuals.rules import Binding, ManualSource

SUMMARY = "redline-summary"


@dataclass(frozen=True, slots=True)
class NamedChange:
    """A part of both manuals with what it is called. `number` and labels are empty for what the program makes: cover, registers, tables."""

    number: str
    title: str
    old_label: str
    new_label: str
    change: PartChange

    @property
    def labels(self) -> str:
        """A/0 → A/1, or the one there is."""
        known = [label for label in (self.old_label, self.new_label) if label]
        return known[0] if len(set(known)) == 1 else " → ".join(known)

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class ManualRedline:
    """`old` and `new`: the days whose manuals are compared, as they are told: 2026年1月1日."""

    organisation: str
    old: str
    new: str
    on: date
    changes: tuple[NamedChange, ...]

    @property
    def title(self) -> str:
        return "售后服务管理手册修订对照"

    @property
    def subject(self) -> str:
        return f"{self.old} → {self.new}"


def redlined_manuals(old: ManualSource, new: ManualSource, theme: Theme = FORMAL) -> ManualRedline:
    """Both manuals bound in one volume, document by document, with all tables that the program makes."""
    books = [assemble(source, Binding.BOUND, theme)[0].book for source in (old, new)]
    known = [{document.anchor: document for document in source.documents} for source in (old, new)]
    changes = []
    for change in redlined_books(*books):
        before, after = (documents.get(change.part.anchor) for documents in known)
        document = after or before
        changes.append(
            NamedChange(
                document.number if document else "",
                document.title if document else _title(change.part),
                before.label if before else "",
                after.label if after else "",
                change,
            )
        )
    return ManualRedline(new.organisation, chinese_date(old.on), chinese_date(new.on), new.on, tuple(changes))


def _title(part: Part) -> str:
    """What a part without a document of its own is called."""
    heading = next((block for block in part.blocks if isinstance(block, Heading)), None)
    if heading:
        return heading.text
    title = next((block for block in part.blocks if isinstance(block, Para) and block.style is Style.PART_TITLE), None)
    return plain(title.content) if title else "封面"


def changed(found: ManualRedline) -> list[NamedChange]:
    return [each for each in found.changes if each.change.fate is not Fate.SAME]


def fates(found: ManualRedline) -> str:
    """修改 12 份，新增 1 份，未改动 40 份."""
    counts = Counter(each.change.fate for each in found.changes)
    return "，".join(f"{name} {counts[fate]} 份" for fate, name in FATE_NAMES.items() if counts[fate])


def numbers(counts: Counts) -> str:
    """新增 2 处，修改 3 处; nothing for a part that only one manual has."""
    found = {change: getattr(counts, change.value) for change in Change}
    return "，".join(f"{CHANGE_NAMES[change]} {number} 处" for change, number in found.items() if number)


def front(found: ManualRedline) -> Part:
    """The summary: how many documents changed, which, and how to take the changes over or back."""
    head = RunningHead(f"{found.organisation}  {found.title}", found.subject)
    return Part(SUMMARY, tuple(_front(found)), head, Numbering.ARABIC)


def _front(found: ManualRedline) -> Sequence[Block]:
    listed = changed(found)
    same = [each for each in found.changes if each.change.fate is Fate.SAME]
    blocks: list[Block] = [
        Heading(1, found.title, anchor=SUMMARY),
        Para(words(f"原版：{found.old}现行的手册；新版：{found.new}现行的手册。共比较 {len(found.changes)} 份：{fates(found)}。")),
        Para(words("正文以修订标记显示全部改动：接受全部修订即为新版，拒绝全部修订即为原版。目录和页码不作比较。")),
    ]
    if listed:
        blocks.append(_register(listed))
    if same:
        blocks.append(Para(words(f"未改动的文件：{'；'.join(each.name for each in same)}。"), Style.NOTE))
    return blocks


def _register(listed: Sequence[NamedChange]) -> Grid:
    rows = [
        (
            cell(each.number),
            cell(each.title, target=each.change.part.anchor),
            cell(each.labels, align="center"),
            cell(FATE_NAMES[each.change.fate], align="center"),
            cell(numbers(each.change.counts)),
        )
        for each in listed
    ]
    return table(("文件编号", "名称", "版本/修订", "变化", "改动"), rows, (17, 30, 13, 9, 31), size="small", caption="有改动的文件")
