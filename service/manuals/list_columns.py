"""The columns of the master lists, in the order and words of practice. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.book.xlsx import Value
from service.documents.external_rules import UNCHECKED
from service.documents.rules import short


class ListName(StrEnum):
    DOCUMENTS = "documents"
    RECORDS = "records"
    EXTERNAL = "external"
    OBSOLETE = "obsolete"


TITLES: Mapping[ListName, str] = {
    ListName.DOCUMENTS: "受控文件清单",
    ListName.RECORDS: "记录清单",
    ListName.EXTERNAL: "外来文件清单",
    ListName.OBSOLETE: "作废文件清单",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as printed. `width` in characters; `optional`: left out where no row has anything to say.

    `numbers`: the value is a sequence of numbers, printed short and joined by 、, none of which is to be broken at its hyphens.
    """

    head: str
    width: float
    value: Callable[[Any], Any]
    center: bool = False
    optional: bool = False
    numbers: bool = False

    def printed(self, row: Any, company: str) -> Value:
        """What stands in the cell of a row. `company`: the code that numbers begin with."""
        value = self.value(row)
        return "、".join(short(number, company) for number in value) if self.numbers else value


POSITION = Column("序号", 8, lambda _row: None, center=True)
"""Its values are the positions of the rows."""
COLUMNS: Mapping[ListName, tuple[Column, ...]] = {
    ListName.DOCUMENTS: (
        Column("文件编号", 18, lambda row: row.number),
        Column("文件名称", 36, lambda row: row.title),
        Column("类别", 11, lambda row: row.kind, center=True),
        Column("版本/修订", 12, lambda row: row.label, center=True),
        Column("归口部门", 15, lambda row: row.department),
        Column("发布日期", 13, lambda row: row.released_on, center=True),
        Column("实施日期", 13, lambda row: row.effective_on, center=True),
        Column("状态", 20, lambda row: row.state),
        Column("下次评审", 13, lambda row: row.next_review_on, center=True),
    ),
    ListName.RECORDS: (
        Column("记录编号", 18, lambda row: row.number),
        Column("记录名称", 30, lambda row: row.title),
        Column("版本/修订", 12, lambda row: row.label, center=True),
        Column("归口部门", 15, lambda row: row.department),
        Column("保存部门", 15, lambda row: row.keeper),
        Column("保存期限", 12, lambda row: row.retention, center=True),
        Column("保存介质", 12, lambda row: row.medium, center=True, optional=True),
        Column("所属文件", 48, lambda row: row.named_by, numbers=True),
    ),
    ListName.EXTERNAL: (
        Column("文号或编号", 21, lambda row: row.number),
        Column("文件名称", 32, lambda row: row.title),
        Column("类别", 14, lambda row: row.kind, center=True),
        Column("版次", 14, lambda row: row.edition, center=True),
        Column("状态", 14, lambda row: f"由 {row.replaced_by} 代替" if row.replaced_by else row.status, center=True),
        Column("核对日期", 15, lambda row: row.checked_on or UNCHECKED, center=True),
        Column("核对情况", 22, lambda row: row.checked_where + (f"（{row.checked_by}）" if row.checked_by else "")),
        Column("保管部门", 15, lambda row: row.keeper if row.registered else "（未登记）"),
        Column("引用文件", 30, lambda row: row.cited_by, numbers=True),
        Column("备注", 16, lambda row: row.note, optional=True),
    ),
    ListName.OBSOLETE: (
        Column("文件编号", 18, lambda row: row.number),
        Column("文件名称", 32, lambda row: row.title),
        Column("版本/修订", 12, lambda row: row.label, center=True),
        Column("归口部门", 15, lambda row: row.department),
        Column("实施日期", 13, lambda row: row.effective_on, center=True),
        Column("作废日期", 13, lambda row: row.obsolete_on, center=True),
        Column("作废原因", 38, lambda row: row.reason),
        Column("作废保留件", 18, lambda row: "、".join(row.retained)),
    ),
}
