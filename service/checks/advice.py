"""What kind of problem a code is, and how it is mended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """`kind`: what the problem is called in a filter. `words`: how to mend it. `page` (path below the organisation) and `page_name`: where
    that is done, if not in the text."""

    kind: str
    words: str
    page: str = ""
    page_name: str = ""


BLANK, REFERENCE, CHAPTERS, FIGURES = "空缺与遗留", "文件引用", "章节", "数值"
CHART, EDITIONS, DATES, PICTURES = "部门与岗位", "标准与法规版次", "日期", "图片"

_LEFTOVER = Advice(BLANK, "改为本企业的实际名称；多处使用的，改用参数。")
_FILL = Advice(BLANK, "补全内容；不需要的，把整句删去。")
_EDITION = Advice(EDITIONS, "改引现行版次，或核对后更新外来文件清单。", "external-documents", "外来文件")
ADVICE: Mapping[str, Advice] = {
    "unreadable_draft": Advice(BLANK, "在企业档案中填写条件用到的参数，或在正文中改正条件。", "profile", "企业档案"),
    "unfilled_variable": Advice(BLANK, "在企业档案中填写这个参数，或把它从正文中删去。", "profile", "企业档案"),
    "leftover_mmm": _LEFTOVER,
    "leftover_company": _LEFTOVER,
    "bracket_blank": _FILL,
    "blank_phone": _FILL,
    "censored": _FILL,
    "empty_reference": Advice(REFERENCE, "在书名号里写上受控文件的名称，或删去这处引用。"),
    "underscore_blank": _FILL,
    "dangling_reference": Advice(
        REFERENCE, "改为受控文件的全名；引用的是外部标准或法规的，登记到外来文件。", "external-documents", "外来文件"
    ),
    "obsolete_reference": Advice(REFERENCE, "改引现行有效的文件，或删去这处引用。"),
    "unreleased_reference": Advice(REFERENCE, "先发布被引用的文件，再发布本文件。", "signing", "审核与签署"),
    "missing_section": Advice(CHAPTERS, "补上缺少的一章；没有内容的写明“不适用”及理由。"),
    "section_order": Advice(CHAPTERS, "按规定的顺序排列六个章节，每章一次。"),
    "unknown_section": Advice(CHAPTERS, "并入六个章节之一，或确认确有必要单列。"),
    "empty_section": Advice(CHAPTERS, "写明做法；确无内容的，删去这一条。"),
    "not_on_chart": Advice(CHART, "改为组织机构图上的名称，或在组织机构中增设。", "chart", "组织机构"),
    "contradiction": Advice(FIGURES, "以企业档案中的目标值为准，两处都改用参数。", "profile", "企业档案"),
    "date_order": Advice(DATES, "已签署的日期不能修改；须按正确的次序重新审批，或在文件更改中说明。", "changes", "文件更改"),
    "replaced_edition": _EDITION,
    "withdrawn_edition": _EDITION,
    "picture_missing": Advice(PICTURES, "在正文中重新插入这张图片。"),
}
"""Code of a problem → what to do about it."""
KINDS = tuple(dict.fromkeys(advice.kind for advice in ADVICE.values()))
