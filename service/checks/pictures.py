"""Pictures that a text names and the organisation does not have: a frame is printed in their place, which a reader must not find first."""

from __future__ import annotations

from service.checks.rules import Context, Problem, Problems, Severity
from service.text.pictures import placed_pictures


def check_pictures(context: Context) -> Problems:
    for document in context.documents:
        for section, picture in placed_pictures(document.procedure):
            if picture.source not in context.pictures:
                name = f"图片“{picture.alt}”（{picture.source}）" if picture.alt else f"图片 {picture.source} "
                message = f"{name}不存在，印出的是“图片缺失”；请在正文中重新插入这张图片"
                anchor = section.anchor if section else ""
                yield Problem("picture_missing", Severity.ERROR, document.number, anchor, message, picture.source)
