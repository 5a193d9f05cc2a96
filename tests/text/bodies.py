"""Every section's body of the shipped templates, and odd ones: one for each thing that our notation allows."""

from __future__ import annotations

from collections.abc import Iterator

from service.settings import ROOT
from service.text.source_sections import section_bodies

ODD = {
    "merged across": "| a | << | c |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n",
    "merged down": "| a | b |\n| --- | --- |\n| 甲 | 1 |\n| ^^ | 2 |\n",
    "merged block": "| a | << | c |\n| --- | --- | --- |\n| 甲 | << | 3 |\n| ^^ | ^^ | 4 |\n",
    "head of two rows": "| 项目 | 时限 | << |\n| --- | --- | --- |\n| ^^ | 城区 | 郊区 |\n| 上门 | 24 | 48 |\n",
    "table without head": "|  |  |\n| --- | --- |\n| a | b |\n",
    "alignment": "| a | b | c |\n| :--- | :---: | ---: |\n| 1 | 2 | 3 |\n",
    "breaks and pipes in cells": "| a | b |\n| --- | --- |\n| 一<br>二 | x\\|y |\n",
    "cells that only look merged": "| a | b |\n| --- | --- |\n| \\^^ | \\<< |\n",
    "variables in cells": "| a | b |\n| --- | --- |\n| {{ posts.technician }} | 《维修单》 {{ retention.service }} 年 |\n",
    "ordered from three": "3. 甲\n4. 乙\n",
    "nested ordered": "1. 甲：\n   1. 乙\n   2. 丙\n2. 丁\n",
    "ordered in bullets": "- 甲\n  1. 乙\n     - 丙\n- 丁\n",
    "two paragraphs in an item": "- 甲\n\n  乙\n- 丙\n",
    "two lists in a row": "- 甲\n\n* 乙\n",
    "two ordered lists in a row": "1. 甲\n\n1) 乙\n",
    "items on a condition": "甲：\n\n- 一\n{% if choices.makes %}\n- 二\n{% else %}\n- 三\n{% endif %}\n- 四\n",
    "nested item on a condition": "- 甲\n  - 乙\n{% if choices.makes %}\n  - 丙\n{% endif %}\n- 丁\n",
    "first item on a condition": "{% if choices.makes %}\n3. 甲\n{% endif %}\n3. 乙\n4. 丙\n",
    "note": "> 注：节假日照常受理。\n",
    "note of two lines": "> 注：甲\\\n> 乙\n",
    "note with a variable at a line's end": "> 注：由{{ posts.technician }}\n> 受理\n",
    "picture": "![流程](<img/a%20b.png>)\n",
    "uploaded picture": f"![机房](<picture:{'ab12' * 16}>)\n",
    "line break": "甲\\\n乙\n",
    "strong beside Chinese marks": "按**《报修单》**由客服登记，**“急修”**优先。\n",
    "emphasis": "甲 *乙* 丙**丁**戊\n",
    "code": "按 `QP-12` 和 `` a`b `` 执行\n",
    "link": "见[国家标准](<https://example.com/a_b>)。\n",
    "escapes": "\\*甲\\* \\_乙\\_ \\[丙\\] \\<丁\\> \\`戊\\` \\# a_b 2\\*3 \\\\ \\{\n",
    "escapes at a line's start": "\\- 甲\n\n\\# 乙\n\n1\\. 丙\n\n\\> 丁\n\n\\| a |\n\n\\+ 戊\n",
    "angle and ampersand": "温度 \\< 5 ℃，A&B \\&lt; x > 3\n",
    "marks of other dialects": "约 5~~8 日，$5$ 元，x^2^，==重==，:smile: \\[TOC\\]\n",
    "addresses": "网址 www.example.com 和 https://example.com/a?b=1 ，邮箱 a@b.cn\n",
    "condition in a sentence": "{% if company.wechat %}微信“{{ company.wechat }}”{% endif %}，热线 {{ company.hotline }}。\n",
    "underscores in variables": "{{ a.b_c }}和{{ d.e_f }}、{{ a.b_c }}\n",
    "condition round paragraphs": "{% if choices.makes %}\n甲。\n{% else %}\n乙。\n{% endif %}\n\n丙。\n",
    "condition inside a paragraph": "甲。\n{% if choices.makes %}\n乙。\n{% endif %}\n丙。\n",
    "loop over rows": "| 网点 | 电话 |\n| --- | --- |\n{% for o in outlets %}\n| {{ o.name }} | {{ o.phone }} |\n{% endfor %}\n",
    "merged rows in a condition": "| 类 | 项 |\n| --- | --- |\n| 甲 | 1 |\n{% if choices.makes %}\n| 乙 | 2 |\n| ^^ | 3 |\n{% endif %}\n| 丙 | 4 |\n",
    "flow": "```flow\nstart([报修]) --> warranty{在保修期内?}\nwarranty -->|是| free[{{ posts.technician }}维修]\n```\n",
    "form": "```form\n# 顾客与商品\n顾客姓名: _ | 联系电话: _\n{% if choices.makes %}\n方式: □上门\n{% endif %}\n签字: 顾客 | 日期\n```\n",
    "full-width space and quotes": "甲\u3000乙 “丙” …… —— 1.5 m³\n",
    "variable after a line break": "甲\\\n{{ posts.technician }}乙\n",
    "items that begin on one line": "- 甲\n{% if choices.makes %}\n- - 乙\n{% endif %}\n- 丙\n",
    "branches of two kinds": "{% if choices.makes %}\n甲。\n{% else %}\n\n| 乙 |\n| --- |\n| 1 |\n{% endif %}\n\n丙。\n",
    "conditions one after another": "甲。\n\n{% if choices.makes %}\n乙。\n\n{% endif %}{% if choices.own_outlets %}\n\n丙。\n{% endif %}\n",
    "condition over several sections": "甲。\n\n{% if choices.makes %}\n",
    "end of a condition over several sections": "乙。\n{% endif %}\n",
}


def shipped_bodies() -> Iterator[tuple[str, str]]:
    """(file#anchor, body) of every section of every shipped text."""
    for path in sorted((ROOT / "templates" / "docs").glob("*/**/*.md")):
        for section in section_bodies(path.read_text("utf-8")):
            if section.body:
                yield f"{path.parent.name}/{path.stem}#{section.anchor}", section.body
