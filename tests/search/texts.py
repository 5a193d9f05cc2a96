"""Entries for an index, made by hand: what the tests of searching share."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from service.search.port import Entry, Found, Index, Section
from service.search.query import Key, build


def key(name: str) -> Key:
    """The same key for the same name."""
    return uuid5(NAMESPACE_OID, name).hex


def entry(number: str, title: str, *sections: tuple[str, str], head: str = "", mark: str = "1") -> Entry:
    """A text with sections (title, words) numbered from 1, under a key made from its number."""
    parts = [Section("", "", "", head, "" if head else "开头的话")]
    parts += [Section(f"s{position}", str(position), name, words) for position, (name, words) in enumerate(sections, 1)]
    return Entry(key(number), mark, number, title, tuple(parts))


TEXTS = (
    entry(
        "HC/SH-CX-07",
        "投诉处理程序",
        ("目的", "使每一件投诉都有结果。"),
        ("受理", "接到投诉后 30 分钟内登记《投诉单》，２４小时内首次反馈。"),
        ("处理", "投诉在 5 个工作日内办结；返修率不高于 0.5%。"),
    ),
    entry(
        "HC/SH-CX-08",
        "维修服务程序",
        ("目的", "使每一件报修都有人管，依据 GB/T 27922—2011。"),
        ("受理", "热线接到报修后登记《报修单》；顾客不满意的，按《投诉处理程序》处理。"),
        ("服务质量", "质量、服务与价格。见 4.2.1。"),
    ),
    entry("HC/SH-JL-01", "报修单", head="顾客： 电话： 故障："),
    entry("HC/QP-12-A/1", "ＱＰ旧式文件", ("范围", "适用于全部顾客。")),
)
EVERYTHING = frozenset(each.revision for each in TEXTS)


def found(index: Index, text: str, within: frozenset[Key] = EVERYTHING) -> Found:
    return index.search(build(text, within), 100)


def places(index: Index, text: str, within: frozenset[Key] = EVERYTHING) -> list[str]:
    """Number and section title of what answers, the best first; [] if nothing has all the words."""
    numbers = {each.revision: each.number for each in TEXTS}
    answer = found(index, text, within)
    return [] if answer.is_near else [f"{numbers[match.revision]} {match.section.title}".strip() for match in answer.matches]
