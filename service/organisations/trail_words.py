"""The trail in words: what its actions are sorted into, and what objects and details are called. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.trail.words import ACTION_NAMES

_GROUPS: Mapping[str, str] = {
    "document": "文件与修订",
    "revision": "文件与修订",
    "signoff": "文件与修订",
    "comment": "文件与修订",
    "picture": "文件与修订",
    "template_set": "文件与修订",
    "claim": "指标",
    "not_applicable": "指标",
    "change": "文件更改",
    "copy": "发放与阅读",
    "acknowledgement": "发放与阅读",
    "question": "发放与阅读",
    "external_document": "外来文件",
    "manual": "手册",
    "outline": "手册",
    "approval_rule": "审批规则",
    "duty_exception": "审批规则",
}
"""Which part of the work an action belongs to; the others: 企业."""


def action_groups() -> dict[str, dict[str, str]]:
    """{part of the work: {action: its name}}, for choosing one."""
    groups: dict[str, dict[str, str]] = {name: {} for name in (*dict.fromkeys(_GROUPS.values()), "企业")}
    for action, name in ACTION_NAMES.items():
        groups[_GROUPS.get(action.partition(":")[0], "企业")][action] = name
    return groups


SUBJECT_NAMES: Mapping[str, str] = {
    "document": "文件",
    "manual": "手册",
    "picture": "图片",
    "template_set": "文件模板",
    "indicator": "指标",
    "change_request": "更改申请",
    "external_document": "外来文件",
    "organisation": "企业",
    "variable": "企业参数",
    "member": "成员",
    "approval_rule": "审批规则",
    "duty_exception": "例外",
    "channel": "通知渠道",
    "trail": "审计追踪",
}
UNNAMED = frozenset({"approval_rule", "duty_exception", "channel", "picture", "manual"})
"""Objects that people know by no number: their id says nothing."""
DETAIL_NAMES: Mapping[str, str] = {
    "title": "名称",
    "name": "名称",
    "number": "编号",
    "label": "版本",
    "step": "步骤",
    "reason": "理由",
    "summary": "修改内容",
    "change_summary": "修改内容",
    "comment": "意见",
    "effective_on": "实施日期",
    "released_on": "发布日期",
    "obsolete_on": "作废日期",
    "valid_from": "自",
    "valid_until": "至",
    "until": "截止日期",
    "role": "角色",
    "departments": "部门",
    "posts": "岗位",
    "holders": "任职",
    "values": "参数",
    "value": "值",
    "documents": "文件",
    "document": "文件",
    "items": "项目",
    "kind": "类别",
    "login": "登录名",
    "meanings": "签署",
    "justification": "理由",
    "approved_by": "批准人",
    "decided_on": "决定日期",
    "standard": "标准",
    "claims": "指标对应",
    "copy": "分发号",
    "copy_number": "分发号",
    "holder": "持有人",
    "department": "部门",
    "reviewers": "审核",
    "countersigners": "会签",
    "approvers": "批准",
    "address": "地址",
    "verdict": "结论",
    "on": "日期",
    "months": "周期（月）",
    "fingerprint": "内容指纹",
    "fingerprints": "内容指纹",
    "seals": "签署封印",
    "files": "文件",
    "profile": "档案指纹",
    "ended_on": "终止日期",
    "countersigns_needed": "会签人数",
    "signed": "加签",
    "route": "审批路线",
}
LONGEST = 300
"""Characters of one detail; the export has all of it."""


def details_in_words(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, value) of every detail that says something."""
    pairs = ((DETAIL_NAMES.get(key, key), _words(value)) for key, value in details.items())
    return [(name, words if len(words) <= LONGEST else f"{words[:LONGEST]}……") for name, words in pairs if words]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(_pairs(value))
    if isinstance(value, list):
        return "、".join(filter(None, map(_words, value)))
    return "" if value is None else str(value)


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    for key, each in value.items():
        yield f"{DETAIL_NAMES.get(key, key)}：{_words(each) or '空'}"
