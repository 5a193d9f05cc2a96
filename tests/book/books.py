"""Books for tests and measurements: one that holds every kind of block, and generated ones of any length."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from service.book.model import (
    Block,
    Book,
    Box,
    Break,
    Drawing,
    Figure,
    Grid,
    GridCell,
    Heading,
    Item,
    Layout,
    Numbering,
    PageOf,
    Para,
    Part,
    Photo,
    RunningHead,
    Span,
    Style,
    Toc,
    Wire,
)

HOSTILE = "<script>alert(1)</script> ]]> & \"'=cmd|' /C calc'!A0 {{ 7*7 }}"


def text(words: str) -> tuple[Span, ...]:
    return (Span(words),)


def cell(words: str, **manners: object) -> GridCell:
    return GridCell((text(words),) if words else (), **manners)  # type: ignore[arg-type]  # the manners are GridCell's own fields


def png(width: int = 4, height: int = 3) -> bytes:
    """A grey PNG of that many pixels."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


DRAWING = Drawing(
    300,
    200,
    (
        Box(100, 10, 100, 30, ("受理报修",), "end"),
        Box(90, 90, 120, 50, ("能否当场", "修复？"), "decision"),
        Box(100, 160, 100, 30, ("回访",)),
    ),
    (Wire(((150, 40), (150, 90))), Wire(((150, 140), (150, 160)), label="是", label_x=160, label_y=150)),
)


def cover() -> Part:
    return Part(
        "cover",
        (
            *[Para((), Style.SPACER)] * 4,
            Para(text("示例电器有限公司"), Style.COVER_COMPANY),
            Para((), Style.SPACER),
            Para(text("售后服务管理手册"), Style.COVER_TITLE),
            Para(text("依据 GB/T 27922-2011《商品售后服务评价体系》编制"), Style.COVER_SUBTITLE),
            *[Para((), Style.SPACER)] * 5,
            Para(text("文件编号：SL/SH-SC-01"), Style.COVER_LINE),
            Para(text("版本/修订状态：A/0"), Style.COVER_LINE),
        ),
        numbering=Numbering.NONE,
    )


def front() -> tuple[Part, ...]:
    return (
        Part(
            "order",
            (
                Para(text("颁布令"), Style.PART_TITLE),
                Para(text("本手册依据国家标准编制，自发布之日起施行，全体员工应当遵照执行。")),
                Para((Span("总经理："), Break(), Span("二〇二六年一月一日")), Style.RIGHT),
            ),
            RunningHead("售后服务管理手册", "A/0"),
            Numbering.ROMAN,
        ),
        Part(
            "toc",
            (Heading(1, "目  录", anchor="toc-title", outline=False), Toc(3)),
            RunningHead("售后服务管理手册", "A/0"),
            Numbering.ROMAN,
        ),
    )


def every_block() -> Book:
    """One of everything, with hostile text wherever text may stand."""
    head = RunningHead("SL/SH-CX-01 报修程序", "A/0")
    chapter = Part(
        "chapter",
        (
            Heading(1, "报修、送修和上门维修服务程序", anchor="repair"),
            Heading(2, "目的", "1", "repair.purpose"),
            Para(
                (
                    Span("为规范报修服务，"),
                    Span("特制定", bold=True),
                    Span("本程序，参见"),
                    Span("职责", target="repair.duties"),
                    Span("（第 "),
                )
            ),
            Para(
                (Span("见第 "), PageOf("Repair.Matrix"), Span(" 页；"), Span("网站", href='https://example.com/?a=1&b="2"'), Span("。")),
                Style.FLUSH,
            ),
            Heading(3, "职责 " + HOSTILE, "1.1", "repair.duties"),
            Heading(4, "细则", "1.1.1"),
            Item("a)", text("受理员在 15 min 内登记；" * 6)),
            Item("1)", text("登记《维修服务单》；"), 1),
            Item("", text("并告知顾客。"), 1),
            Item("——", text("破折号项"), 2),
            Item("(12)", text("更深的一层"), 3),
            Para((Span("注："), Span(HOSTILE, italic=True), Span("x = 1", code=True)), Style.NOTE),
            Para(text("表前说明"), Style.CENTER, keep_next=True),
            Grid(
                (1, 2, 1),
                (
                    (cell("项目", bold=True, shade=True, align="center"), cell("要求", bold=True, shade=True), cell("记录", shade=True)),
                    (cell("受理", rowspan=2), cell("登记 " + HOSTILE, colspan=2)),
                    (cell("派工"), cell("", lines=3)),
                    (cell("合计", colspan=3, align="right"),),
                ),
                head=1,
                caption="表 1 报修要求",
            ),
            Grid((1, 1), ((cell("姓名"), cell("")), (cell("日期"), cell(""))), size="small", air=0.5),
            Figure(DRAWING, "流程图 " + HOSTILE, "图 1 报修流程"),
            Figure(DRAWING, "同一张图"),
            Photo(png(), "照片", "图 2 现场"),
        ),
        head,
    )
    wide = Part("matrix", (Heading(1, "职能分配表", anchor="Repair.Matrix"), matrix()), RunningHead("职能分配表", "A/0"), landscape=True)
    last = Part("appendix", (Para(text("附录"), Style.PART_TITLE), Para(text("完。" + HOSTILE))), head)
    return Book(
        "售后服务管理手册 <&>", "示例电器有限公司", "售后服务", (cover(), *front(), chapter, wide, last), ("售后服务", "GB/T 27922")
    )


def matrix() -> Grid:
    head = tuple(cell(words, bold=True, shade=True, align="center") for words in ("指标", "办公室", "售后部", "质量部", "销售部"))
    rows = tuple((cell(f"5.{index}.1"), cell("▲", align="center"), cell("△", align="center"), cell(""), cell("")) for index in range(1, 40))
    return Grid((2, 1, 1, 1, 1), (head, *rows), head=1, size="small")


def layout_of(book: Book, page: int = 7) -> Layout:
    """A layout that puts every anchor on one page."""
    anchors = [part.anchor for part in book.parts]
    anchors += [block.anchor for part in book.parts for block in part.blocks if isinstance(block, Heading)]
    return Layout({anchor: str(page) for anchor in anchors if anchor}, 12, 9)


_CLAUSES = (
    "售后服务部接到顾客报修后，应在 30 min 内完成登记，并将《维修服务单》转交区域主管；",
    "受理员核对产品型号、购买日期和保修状态，属于保修范围的，不得收取任何费用。",
    "维修人员上门前应电话预约，出示工作证件，穿着统一工装，并自带鞋套、垫布和专用工具；",
    "一次修复率不低于 95%，未达到时由质量部在 5 个工作日内组织原因分析，形成《改进项目实施与验证记录》。",
    "服务结束后 24 h 内由回访员电话回访，回访率为 100%，顾客不满意的，按《顾客投诉处理程序》办理。",
    "备件到货后由仓库管理员按 SL/SH-JL-021 的要求验收入库，账、卡、物一致率应达到 99.5% 以上；",
    "“三包”有效期内，同一质量问题连续两次维修后仍不能正常使用的，顾客可以选择更换或者退货——由服务经理当日批准。",
)


def generated_book(procedures: int, seed: int = 1) -> Book:
    """A manual of so many procedures, each of about two pages: clauses, lists, tables, a form every third time."""
    dice = random.Random(seed)
    return Book(
        "售后服务管理手册",
        "示例电器有限公司",
        "售后服务",
        (cover(), *front(), *(_procedure(dice, number) for number in range(1, procedures + 1))),
    )


def _procedure(dice: random.Random, number: int) -> Part:
    key = f"p{number}"
    blocks: list[Block] = [Heading(1, f"第 {number} 号服务控制程序", f"SL/SH-CX-{number:02}", key)]
    for section, title in enumerate(("目的", "范围", "职责", "程序及要求", "相关文件", "相关记录"), start=1):
        blocks.append(Heading(2, title, str(section), f"{key}.{section}"))
        blocks.extend(_SECTIONS.get(title, _paragraphs)(dice, key))
    return Part(f"part-{key}", tuple(blocks), RunningHead(f"SL/SH-CX-{number:02} 第 {number} 号服务控制程序", "A/0 2026-01-01"))


def _paragraphs(dice: random.Random, _: str) -> Iterator[Block]:
    yield Para(text("".join(dice.sample(_CLAUSES, dice.randint(1, 2)))))


def _duties(dice: random.Random, _: str) -> Iterator[Block]:
    rows = tuple(
        (cell(post), cell("".join(dice.sample(_CLAUSES, dice.randint(1, 3))))) for post in ("服务经理", "受理员", "维修人员", "质量部")
    )
    yield Grid(
        (1, 4), ((cell("岗位", bold=True, shade=True, align="center"), cell("职责", bold=True, shade=True, align="center")), *rows), head=1
    )


def _rules(dice: random.Random, key: str) -> Iterator[Block]:
    for clause in range(1, dice.randint(4, 6)):
        yield Heading(3, dice.choice(("受理与登记", "派工与上门", "维修与验收", "回访与改进")), f"4.{clause}", f"{key}.4.{clause}")
        yield Para(
            (
                *text("".join(dice.sample(_CLAUSES, dice.randint(1, 3)))),
                Span("见《记录控制程序》", target="p1"),
                Span("第 "),
                PageOf("p1"),
                Span(" 页。"),
            )
        )
        for index in range(dice.randint(0, 4)):
            yield Item(f"{'abcd'[index]})", text(dice.choice(_CLAUSES)))


def _records(dice: random.Random, _: str) -> Iterator[Block]:
    rows = tuple(
        (cell(f"《第 {index} 号记录》"), cell(f"{dice.randint(2, 5)} 年"), cell("售后服务部")) for index in range(dice.randint(2, 5))
    )
    yield Grid((3, 1, 2), ((cell("记录"), cell("保存期限"), cell("保存部门")), *rows), head=1, caption="记录一览")
    if dice.random() < 0.33:
        yield Grid(
            (1, 2, 1, 2),
            tuple((cell(a), cell(""), cell(b), cell("", lines=dice.randint(1, 3))) for a, b in (("顾客", "电话"), ("型号", "日期"))),
            air=0.5,
        )


_SECTIONS = {"职责": _duties, "程序及要求": _rules, "相关记录": _records}
