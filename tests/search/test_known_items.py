"""Known things of the demo set are found: titles, record names, phrases, single characters, codes. hit@3 ≥ 0.98."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from search.demo_texts import everything
from service.search.port import Entry
from service.search.query import build
from service.search.whoosh_index import WhooshIndex

LEAST = 0.98
ASKED: Mapping[str, str] = {
    "投诉处理": "投诉处理",
    "投诉程序": "顾客投诉处理程序",
    "怎么处理顾客投诉": "顾客投诉处理程序",
    "退换货": "产品退换货控制程序",
    "召回": "产品召回及补救赔偿控制程序",
    "满意度 测评": "顾客满意度测评程序",
    "回访": "顾客回访记录",
    "热线 管理": "顾客反馈渠道与服务热线管理程序",
    "备件启用": "备品、备件启用控制程序",
    "上门维修": "报修、送修和上门维修服务程序",
    "安装调试": "安装调试服务程序",
    "培训程序": "技术支持与顾客培训程序",
    "文件 更改 申请": "文件更改申请单",
    "保修": "保修卡",
    "代用品": "代用品管理程序",
    "礼仪": "售后服务人员礼仪、行为规范",
    "服务用语": "服务用语规范",
    "应急 演练": "应急演练记录",
    "隐私": "顾客信息档案与隐私保护程序",
    "花名册": "售后服务人员花名册",
    "专项资金": "专项资金启用申请表",
    "任命书": "管理者代表任命书",
    "CX-01": "文件控制程序",
    "SC-01": "颁布令",
    "标题:网点 协议": "网点委托服务协议评审表",
    "编号:JL-07": "召回实施记录",
    "投诉处理控制程序": "顾客投诉处理程序",
    "满意度报告": "顾客满意度分析报告",
    "内审计划 内部评价": "内部评价计划",
    "废弃物 处置 资质": "处置单位资质审核表",
}
"""As people ask, and the title of what they mean."""


@pytest.fixture(scope="module")
def shelf_of_demo(demo: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    index = WhooshIndex(tmp_path_factory.mktemp("known") / "index")
    index.add(demo)
    return index


def titles(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    yield from ((each.title, each.number) for each in demo)


def numbers(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    for each in demo:
        yield each.number, each.number
        yield "-".join(each.number.split("-")[-2:]).lower(), each.number  # cx-07


def asked(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    by_title = {each.title: each.number for each in demo}
    yield from ((question, by_title[title]) for question, title in ASKED.items())


def phrases(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    """Eight Hanzi in a row out of the middle of texts, if they stand in few of them; with and without quotation marks."""
    chance = random.Random(27922)
    for each in demo:
        runs = [run for section in each.sections for run in re.findall("[一-鿿]{10,}", section.text)]
        for run in chance.sample(runs, min(2, len(runs))):
            phrase = run[1:9]
            if sum(any(phrase in section.text for section in other.sections) for other in demo) <= 2:
                yield phrase, each.number
                yield f"“{phrase}”", each.number


def single_characters(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    """Hanzi that stand in one text only."""
    where: dict[str, set[str]] = defaultdict(set)
    for each in demo:
        for character in set(re.findall("[一-鿿]", each.title + "".join(section.title + section.text for section in each.sections))):
            where[character].add(each.number)
    yield from ((character, min(found)) for character, found in sorted(where.items()) if len(found) == 1)


def codes(demo: list[Entry]) -> Iterator[tuple[str, str]]:
    """Numbers of standards and telephones that stand in one text only, as they are written and without their blanks."""
    where: dict[str, set[str]] = defaultdict(set)
    for each in demo:
        for section in each.sections:
            for code in re.findall(r"[A-Z]{2}(?:/[A-Z])? ?\d+(?:\.\d+)?[-—]\d{4}|\d{3,4}-\d{3,4}-\d{4}", section.text):
                where[code].add(each.number)
    for code, found in sorted(where.items()):
        if len(found) == 1:
            yield f"“{code}”", min(found)
            yield code.replace(" ", ""), min(found)


GROUPS = {made.__name__: made for made in (titles, numbers, asked, phrases, single_characters, codes)}


def rank(index: WhooshIndex, demo: list[Entry], question: str, wanted: str) -> int:
    """The place of what is wanted among the hits, from 1; 0 if it is not there."""
    by_key = {each.revision: each.number for each in demo}
    matches = index.search(build(question, everything(demo)), 50).matches
    return next((place for place, match in enumerate(matches, 1) if by_key[match.revision] == wanted), 0)


@pytest.mark.parametrize("group", GROUPS)
def test_known_item_is_among_the_first_three(shelf_of_demo: WhooshIndex, demo: list[Entry], group: str) -> None:
    questions = list(GROUPS[group](demo))
    missed = [(question, wanted) for question, wanted in questions if not 1 <= rank(shelf_of_demo, demo, question, wanted) <= 3]
    assert len(questions) >= 10
    assert 1 - len(missed) / len(questions) >= LEAST, missed


def test_title_or_number_leads_to_its_text_first(shelf_of_demo: WhooshIndex, demo: list[Entry]) -> None:
    assert [title for title, wanted in titles(demo) if rank(shelf_of_demo, demo, title, wanted) != 1] == []
    assert [number for number, wanted in numbers(demo) if rank(shelf_of_demo, demo, number, wanted) != 1] == []


def test_there_are_enough_questions(demo: list[Entry]) -> None:
    assert sum(len(list(made(demo))) for made in GROUPS.values()) >= 60


def test_index_of_the_demo_set_is_small(shelf_of_demo: WhooshIndex, demo: list[Entry]) -> None:
    folder: Path = shelf_of_demo._folder
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    assert size < 20 * sum(len(section.text.encode()) for each in demo for section in each.sections)
