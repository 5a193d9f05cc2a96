"""Texts that the tests of service/text share, and strategies that make more of them."""

from __future__ import annotations

from hypothesis import strategies as st

from service.text.model import Block, Procedure
from service.text.parse import parse_procedure

FRONT = """---
key: repair
title: 维修服务程序
kind: procedure
department: service
---
"""

REPAIR = (
    FRONT
    + """
## 目的
使每一件报修都有人管、有结果。

## 职责
| 岗位 | 职责 |
|---|---|
| 调度员 | 登记《报修单》，当日派工 |
| 维修员 | 上门维修，填写《维修单》 |

## 程序及要求

### 受理 {#accept}
调度员在 30 分钟内与顾客约定时间，
登记《报修单》。返修率不高于 1%。

1. 核对保修期；
2. 说明收费：
   1. 零件；
   2. 工时。

> 注：节假日照常受理。

### 派工
- 城区当日派工
- 城区以外次日派工

```flow
start([报修]) --> warranty{在保修期内?}
warranty -->|是| free[免费]
warranty -->|否| quote[报价]
free --> done([回访])
quote --> done
```

## 相关文件
《投诉处理程序》
"""
)


def body(text: str) -> str:
    """A whole text with the usual front matter above `text`, which begins on line 7."""
    return FRONT + text


def parsed(text: str) -> Procedure:
    return parse_procedure(body(text), file="repair.md")


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text without headings."""
    return parsed(text).preamble


def only(text: str) -> Block:
    found = blocks(text)
    assert len(found) == 1, found
    return found[0]


# Words in which Markdown's marks, Chinese punctuation and Latin letters meet.
words = st.text(alphabet="维修服务：，。（）《》“”ab1 *_`\\[]()<>&#!|~^{}-+.=:0\u3000", min_size=1, max_size=24)
plain_words = st.text(alphabet="维修服务人员，。ab 12", min_size=1, max_size=16).map(str.strip).filter(bool)
marked_words = st.one_of(
    plain_words,
    words,
    plain_words.map(lambda text: f"**{text}**"),
    plain_words.map(lambda text: f"*{text}*"),
    plain_words.map(lambda text: f"`{text}`"),
    plain_words.map(lambda text: f"《{text}》"),
    plain_words.map(lambda text: f"[{text}](https://example.com/{len(text)})"),
)
lines = st.lists(marked_words, min_size=1, max_size=5).map("".join)
