"""A piece of a source → a draft text, with what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.intake.model import Draft, Found, Remark
from service.intake.outline import Node, number_faults, sections_of, tree
from service.intake.segments import CLAUSES, LETTER, PROCEDURE, PROSE, Segment
from service.intake.titles import is_document_head, reads_like_an_article, rules_something
from service.text.model import FrontMatter, Kind, Part, Procedure, Section
from service.text.parse import STANDARD_ANCHORS
from service.text.write import to_markdown

_KINDS = {LETTER: Kind.MANUAL, PROCEDURE: Kind.PROCEDURE, CLAUSES: Kind.WORK_INSTRUCTION}
_NAMES = {PROCEDURE: "程序文件", CLAUSES: "条款"}
_LETTER_TITLES = {Part.APPOINTMENT_LETTER: "任命书", Part.PROMULGATION_ORDER: "颁布令"}


@dataclass(frozen=True, slots=True)
class Made:
    draft: Draft
    structure: tuple[Found, ...]
    remarks: tuple[Remark, ...]


def is_taken(segment: Segment) -> bool:
    """Whether a piece becomes a draft: prose never does, clauses only if they rule something."""
    if segment.kind in (LETTER, PROCEDURE):
        return True
    words = "\n".join(read.line.text for read in segment.lines)
    return segment.kind == CLAUSES and rules_something(words) and not reads_like_an_article(words)


def why_not(segment: Segment, text: str) -> str:
    """Why a line of a piece that becomes no draft is not taken."""
    if is_document_head(text):
        return "编号、版本、签署等由系统管理，不写在正文里"
    words = "\n".join(read.line.text for read in segment.lines)
    if segment.kind != PROSE or reads_like_an_article(words):
        return "介绍或宣传文字，不是本企业的规定"
    return "没有识别出它属于哪个文件"


def draft_of(segment: Segment, count: int) -> Made:
    """The draft of a piece; `count` makes its key."""
    root = tree(segment)
    preamble, sections = sections_of(root)
    numbers = [read.line.number for read in segment.lines] or [segment.title.number if segment.title else 0]
    first, last = numbers[0], numbers[-1]
    title = _title(segment, first, last)
    kind = _KINDS[segment.kind]
    front = FrontMatter(key=f"draft-{count}", title=title, kind=kind, department="", part=segment.part)
    text = to_markdown(Procedure(front, preamble, sections))
    begins = segment.title.number if segment.title else first
    draft = Draft(title, kind, segment.part, text, begins, last)
    remarks = [*number_faults(root), *_unfinished(root), *_remarks(segment, sections, first, last)]
    return Made(draft, tuple(_structure(segment, root, draft)), tuple(sorted(remarks, key=lambda remark: remark.line)))


def _title(segment: Segment, first: int, last: int) -> str:
    if segment.title:
        return segment.title.text.strip("《》")
    if segment.part:
        return _LETTER_TITLES[segment.part]
    return f"未命名{_NAMES[segment.kind]}（原文第 {first} 至 {last} 行）"


def _structure(segment: Segment, root: Node, draft: Draft) -> Iterator[Found]:
    code = segment.part.value if segment.part else segment.kind
    name = _LETTER_TITLES[segment.part] if segment.part else _NAMES[segment.kind]
    yield Found(code, draft.first_line, draft.last_line, f"识别出{name}“{draft.title}”")
    for node in root.children if segment.kind == PROCEDURE else ():
        last = max([node.line, *(inner.line for inner in _below(node))])
        yield Found("section", node.line, last, f"章节“{node.text}”{_clauses(node)}")


def _below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _below(child)


def _clauses(node: Node) -> str:
    children = [child for child in node.children if child.mark]
    return f"，条款 {children[0].mark} 至 {children[-1].mark}，共 {len(children)} 条" if children else ""


def _unfinished(root: Node) -> Iterator[Remark]:
    """Clauses that announce something which does not follow: a picture or list that was lost on the way."""
    for node in _below(root):
        if node.text.endswith(("：", ":")) and not node.content:
            yield Remark("missing_content", node.line, node.text[-20:], "冒号之后没有内容，可能漏了图、表或列表")


def _remarks(segment: Segment, sections: tuple[Section, ...], first: int, last: int) -> Iterator[Remark]:
    if not segment.title and segment.kind in (PROCEDURE, CLAUSES):
        yield Remark("no_title", first, segment.lines[0].line.text[:30], "原文没有文件名称，请补上")
    if segment.kind != PROCEDURE:
        return
    titles = [section.title for section in sections if section.level == 1]
    for name in STANDARD_ANCHORS:
        if name not in titles:
            yield Remark("missing_section", last, "", f"原文没有“{name}”一节")
    for section in sections:
        if section.level == 1 and section.title not in STANDARD_ANCHORS:
            yield Remark("unknown_section", section.line, section.title, f"“{section.title}”不是程序文件的六个章节之一")
    for read in segment.lines:
        if read.section and read.words.split("：")[0].strip() != read.section[0] and not read.section[1]:
            yield Remark("section_renamed", read.line.number, read.words, f"“{read.words}”归入“{read.section[0]}”一节")
