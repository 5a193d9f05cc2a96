"""Drafts that cannot be read: a condition or loop that cannot be worked out with the values of the day."""

from __future__ import annotations

from service.checks.rules import Context, Problem, Problems, Severity


def check_readable(context: Context) -> Problems:
    for document in context.documents:
        if document.unreadable:
            message = f"草稿现在不能读取，其他内容无法检查：{document.unreadable}"
            yield Problem("unreadable_draft", Severity.ERROR, document.number, "", message, "")
