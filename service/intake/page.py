"""What belongs to a web page and not to a document: navigation, sources, copyright, recommendations, repeated labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.intake.decode import Line
from service.intake.numbers import numbered
from service.intake.titles import is_title, standard_section

_BUTTONS = r"TOP|返回顶部|首页|上一[篇页]|下一[篇页]|打印|关闭|分享|收藏|发表评论|\d+\s*评论?|登录|注册|更多.{0,4}|目录导航"
_SOURCE = r"(?:来源|作者|编辑|浏览(?:次数)?|发布时间)\s*[：:]"
_TIME = r"\d{4}-\d{1,2}-\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?"
_PAGE = (
    ("版权信息", re.compile(r"版权所有|©|ICP备|备案号[：:]|All Rights Reserved", re.IGNORECASE)),
    ("网页导航或按钮", re.compile(rf"^(?:{_BUTTONS})[\s：:>»]*$", re.IGNORECASE)),
    ("推荐栏目", re.compile(r"^(?:热门文章|相关(?:文章|推荐|阅读)|推荐阅读|猜你喜欢|最新文章|延伸阅读)")),
    ("来源信息", re.compile(rf"^{_TIME}|^{_SOURCE}.*{_SOURCE}|^本文(?:内容整合|来源|转载)")),
    ("链接列表", re.compile(r"^[-•·]\s*\S.{8,}(?:19|20)\d{2}-\d{2}-\d{2}$")),
)
_SENTENCE = re.compile(r"[，。；：！？、]")


def page_lines(lines: Sequence[Line]) -> dict[int, str]:
    """Line number → why the line belongs to a web page. What is doubtful is left in: it is easier to strike out than to miss."""
    times = Counter(line.text for line in lines)
    above, below = ["", *(line.text for line in lines)], [*(line.text for line in lines[1:]), ""]
    found: dict[int, str] = {}
    for line, before, after in zip(lines, above, below, strict=False):
        reason = next((reason for reason, pattern in _PAGE if pattern.search(line.text)), "")
        alone = times[line.text] > 1 and not before and not after
        if not reason and alone and 3 < len(line.text) < 20 and _is_label(line.text):
            reason = "重复的栏目名"
        if reason and line.text:
            found[line.number] = reason
    return found


def _is_label(text: str) -> bool:
    """A few words that are no sentence, no clause, no section and no title of a document."""
    return not (_SENTENCE.search(text) or numbered(text) or standard_section(text) or is_title(text))
