"""Quantities: which figure a text sets for which subject, where the subject is really recognisable. Precision goes before recall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from service.text.characters import HANZI
from service.text.model import Block, Procedure, Reference, Section, Table
from service.text.plain import sentences
from service.text.walk import Leaf, leaves


@dataclass(frozen=True, slots=True)
class Quantity:
    """返修率 ≤ 1 %: `comparator` is ≤, ≥ or =; `unit` is normalised (日, 小时, %); `section` an anchor or ""; `quote` verbatim."""

    subject: str
    comparator: str
    value: float
    unit: str
    section: str
    quote: str
    line: int


_ENDINGS = "率|时限|期限|年限|比例|满意度|金额|余额|频次|周期|保修期|响应时间|修复时间|到达时间|上门时间"
_SUBJECT = re.compile(rf"({HANZI.pattern}{{0,14}}(?:{_ENDINGS}))\Z")
# A subject begins after the last of these: verbs, particles and fillers that cannot be part of a measure's name.
_BOUNDARY = re.compile(
    r"的|(?<![响供适相反])应(?!答|急)|须|将|使(?!用)|让|把|其|各|每|本(?!地)|且|并|及(?!时)|和|与|或|对|从|由|按|在(?!线)|为|是|有|(?<![主重])要|向|中(?!间|央)|已|未|于|至(?!少)|超过|全年|当年|保证|确保|达到|做到|控制|要求|规定|承诺|提高|降低|保持|"
    r"实现|完成了|公司|企业|部门|服务部"
)
_PREFIX = re.compile(r"^(?:产品|商品|顾客|客户|用户|总|平均|[年月季]度?)+(?=..)")
# A short name that says what it measures; 完成率 or 合格率 alone could be anybody's.
_SHORT = frozenset({"返修率", "投诉率", "回访率", "接通率", "破损率", "流失率", "满意度", "修复率", "保修期"})
_AT_MOST = "不高于|不大于|不得大于|不得高于|不超过|不得超过|不多于|不得多于|不长于|不迟于|低于|小于|少于|≤|<=|＜|<|⩽"
_AT_LEAST = "不低于|不少于|不小于|不得低于|不得少于|不得小于|不短于|不得短于|至少|高于|大于|超过|≥|>=|＞|>|⩾"
_UNITS = "个?工作日|个?小时|分钟|万元|学时|公里|个?月|[%％‰日天秒年周元次分份人件台时]|km|min|h"
_FIGURE = re.compile(
    r"(?P<lead>(?:应|须|必须|要|需|均|控制在|保持在|达到|保证|原则上|为|是|在|:|：|\s)*)"
    rf"(?P<comparator>{_AT_MOST}|{_AT_LEAST}|)\s*"
    rf"(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>{_UNITS})(?P<per>/[年月季次日])?"
    r"(?P<suffix>以上|以下|以内|之内|内|及以上)?"
    r"(?!\s*(?:[-–—~～至到]\s*\d|的|时[，,]|者|则))"
)
_FAR = 120  # characters before a figure among which its subject and condition are looked for
_PERCENT = re.compile(r"百分之\s*(\d+(?:\.\d+)?)")
_CONDITION = re.compile(r"(?:^|[，,；;。])\s*(?:如|若|当|凡|一旦|如果|对于)[^，,]*\Z")
_CONDITION_AFTER = re.compile(r"[^，,；;。]*(?:的|时)(?=[，,；;。]|\Z)")  # 返修率高于 3% 或投诉率高于 1% 的，…
_KEPT = re.compile(r"《([^《》]+)》[^，。；《》]{0,6}?保存(?:期限)?(?:应|为|不少于|\s)*(\d+)\s*年")
_SHARE = re.compile(
    rf"(?P<part>{HANZI.pattern}{{1,4}}(?:费用|经费))(?:预算)?(?:应|须|每年|\s)*(?P<comparator>{_AT_LEAST}|{_AT_MOST})"
    rf"(?:整个|投入|全年|年|\s)*(?P<whole>{HANZI.pattern}{{2,10}})的\s*(?P<value>\d+(?:\.\d+)?)\s*[%％]"
)
_SUFFIXES = {"以上": "≥", "及以上": "≥", "以下": "≤", "以内": "≤", "之内": "≤", "内": "≤"}
_UNIT_NAMES = {
    "％": "%",
    "天": "日",
    "h": "小时",
    "时": "小时",
    "min": "分钟",
    "km": "公里",
    "个工作日": "工作日",
    "个小时": "小时",
    "个月": "月",
}
_ALIASES = {"返修": "返修率"}  # 返修不得大于 1%: said of the rate


def quantities(procedure: Procedure) -> tuple[Quantity, ...]:
    """The quantities of a text in reading order: sentences that set a figure, rows of tables of targets, retention of records."""
    parts: list[tuple[Section | None, tuple[Block, ...]]] = [(None, procedure.preamble)]
    parts += [(section, section.blocks) for section in procedure.sections]
    return tuple(found for section, blocks in parts for found in _of_blocks(section.anchor if section else "", blocks))


def measure(name: str) -> str:
    """The subject under which `quantities` finds a measure of this name: 顾客满意度 → 满意度, 培训经费占… → 培训费用占…"""
    return _cost(_PREFIX.sub("", name))


def _of_blocks(section: str, blocks: tuple[Block, ...]) -> Iterator[Quantity]:
    for block in blocks:
        for leaf in leaves([block]):
            if not leaf.form:
                for sentence in sentences(leaf.text):
                    yield from _of_sentence(section, sentence, leaf.line)
        if isinstance(block, Table):
            yield from _of_table(section, block)


def _of_sentence(section: str, sentence: str, line: int) -> Iterator[Quantity]:
    words = _PERCENT.sub(r"\1%", sentence)
    for found in _FIGURE.finditer(words):
        before = words[max(0, found.start() - _FAR) : found.start()]
        subject = _subject(before)
        if subject and not _CONDITION.search(before) and not _CONDITION_AFTER.match(words, found.end()):
            yield _quantity(subject, found, section, sentence, line)
    for found in _SHARE.finditer(words):
        subject = f"{_part(found['part'])}占{_cost(found['whole'])}比例"
        yield Quantity(subject, _comparator(found["comparator"], ""), float(found["value"]), "%", section, sentence, line)
    for found in _KEPT.finditer(sentence):
        yield Quantity(f"《{found[1]}》保存期限", "=", float(found[2]), "年", section, sentence, line)


def _subject(before: str) -> str:
    """The measure whose name ends right before a figure, or ""."""
    words = before.rstrip(" 　")
    for alias, subject in _ALIASES.items():
        if re.search(rf"(?:^|[^{HANZI.pattern[1:-1]}]|产品|商品){alias}\Z", words):
            return subject
    found = _SUBJECT.search(words)
    if not found:
        return ""
    name = measure(_BOUNDARY.split(found.group(1))[-1])
    return name if len(name) > 3 or name in _SHORT else ""


def _part(words: str) -> str:
    return measure(_BOUNDARY.split(words)[-1])


def _cost(words: str) -> str:
    return words.replace("经费", "费用").removeprefix("投入")


def _quantity(subject: str, found: re.Match[str], section: str, quote: str, line: int) -> Quantity:
    unit = _UNIT_NAMES.get(found["unit"], found["unit"]) + (found["per"] or "")
    comparator = _comparator(found["comparator"], found["suffix"] or "")
    if subject.endswith(("年限", "保修期")) and found["suffix"] in ("内", "之内", "以内"):  # within the term, which is so long
        comparator = "="
    return Quantity(subject, comparator, float(found["value"]), unit, section, quote, line)


def _comparator(words: str, suffix: str) -> str:
    if words:
        return "≥" if words in _AT_LEAST.split("|") else "≤"
    return _SUFFIXES.get(suffix, "=")


def _of_table(section: str, table: Table) -> Iterator[Quantity]:
    """Rows of a table whose first cell (or second, after a number) is a measure and whose next figure stands alone in a cell; and the
    retention of a record whose title opens the row."""
    heads = [cell for row in table.rows[: table.head] for cell in row]
    kept = any(leaf.text == "保存期限" for leaf in leaves([Table((tuple(heads),), len(heads))])) if heads else False
    for _, cells in groupby(leaves([table]), key=lambda leaf: leaf.row):
        row = [cell for cell in cells if cell.text]
        yield from _of_row(section, row)
        if kept and len(row) > 1:
            yield from _retention(section, row)


def _of_row(section: str, row: list[Leaf]) -> Iterator[Quantity]:
    for index, cell in enumerate(row[:2]):
        subject = _subject(cell.text) if HANZI.match(cell.text) else ""
        if not subject or not _SUBJECT.fullmatch(cell.text):
            continue
        figures = (_FIGURE.fullmatch(other.text.strip()) for other in row[index + 1 :])
        found = next((figure for figure in figures if figure), None)
        if found:
            yield _quantity(subject, found, section, " | ".join(leaf.text for leaf in row), cell.line)
        return


def _retention(section: str, row: list[Leaf]) -> Iterator[Quantity]:
    names = [item.title for cell in row[:2] for item in cell.content if isinstance(item, Reference)]
    years = [found for cell in row if (found := re.fullmatch(r"(\d+)\s*年", cell.text))]
    if len(names) == 1 and years:
        quote = " | ".join(leaf.text for leaf in row)
        yield Quantity(f"《{names[0]}》保存期限", "=", float(years[0][1]), "年", section, quote, row[0].line)
