"""The trail in words: what its actions are called and sorted into, and what its objects and details are called. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ACTION_NAMES: Mapping[str, str] = {
    "organisation:create": "建立企业",
    "organisation:update": "修改企业档案",
    "organisation:set_values": "填写企业参数",
    "organisation:rename": "启用新的企业名称",
    "organisation:change_chart": "调整组织机构",
    "variable:set": "修改企业参数",
    "member:add": "增加成员",
    "member:invite": "邀请成员",
    "member:reset": "发送重设密码链接",
    "member:end": "取消成员角色",
    "channel:add": "增加通知渠道",
    "channel:test": "试发通知",
    "channel:end": "停用通知渠道",
    "template_set:clone": "套用文件模板",
    "document:create": "建立文件",
    "document:address": "设定发放范围",
    "document:set_review_months": "设定评审周期",
    "document:periodic_review": "定期评审",
    "document:download": "下载文件",
    "revision:draft": "起草修订",
    "revision:edit": "修改草稿",
    "revision:facts": "修改文件的归属和标题",
    "revision:submit": "提交审核",
    "revision:review": "审核",
    "revision:countersign": "会签",
    "revision:approve": "批准",
    "revision:release": "发布",
    "revision:return": "退回",
    "revision:withdraw": "撤回",
    "revision:obsolete": "作废",
    "signoff:seal": "为签署加印记",
    "comment:add": "提出意见",
    "comment:resolve": "处理意见",
    "approval_rule:propose": "提出审批规则",
    "approval_rule:approve": "批准审批规则",
    "approval_rule:end": "停用审批规则",
    "duty_exception:grant": "批准例外",
    "duty_exception:end": "终止例外",
    "claim:confirm": "确认指标对应",
    "claim:void": "取消指标对应的确认",
    "not_applicable:decide": "批准删减",
    "not_applicable:withdraw": "撤销删减",
    "change:open": "填写更改申请",
    "change:edit": "修改更改申请",
    "change:submit": "提交更改申请",
    "change:approve": "批准更改申请",
    "change:reject": "否决更改申请",
    "change:withdraw": "撤回更改申请",
    "change:close": "更改申请完成",
    "copy:issue": "发放受控本",
    "copy:receive": "签收受控本",
    "copy:recall": "回收受控本",
    "copy:recall_due": "受控本待回收",
    "copy:destroy": "销毁受控本",
    "copy:retain": "作废保留受控本",
    "copy:lose": "受控本遗失",
    "acknowledgement:ask": "请求阅读确认",
    "acknowledgement:confirm": "阅读确认",
    "acknowledgement:fail": "阅读测试未通过",
    "acknowledgement:excuse": "免予阅读确认",
    "acknowledgement:end": "不再要求阅读确认",
    "question:set": "设定阅读测试题",
    "external_document:add": "登记外来文件",
    "external_document:adopt": "登记引用的外来文件",
    "external_document:check": "核对外来文件",
    "external_document:end": "注销外来文件",
    "picture:add": "上传图片",
    "outline:save": "调整手册目录",
    "house_style:theme": "选用手册版式",
    "house_style:template": "采用企业 Word 模板",
    "house_style:remove": "停用企业 Word 模板",
    "manual:preview": "预览手册",
    "manual:build": "编制手册",
    "manual:download": "下载手册",
    "trail:read": "查阅审计追踪",
}


def action_name(action: str) -> str:
    """The action in words; one that is new here is called by its own name."""
    return ACTION_NAMES.get(action, action)


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
    "former": "原名称",
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
