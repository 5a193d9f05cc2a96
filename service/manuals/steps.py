"""The steps of a build, as they are told while it goes on, and how much of the work each is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from service.manuals.rules import Binding


class Step(StrEnum):
    """What is being done."""

    WAIT = "wait"
    GATHER = "gather"
    LAY_OUT = "lay_out"
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    KEEP = "keep"


class Stage(StrEnum):
    """How a build that was asked for stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STEP_NAMES: Mapping[Step, str] = {
    Step.WAIT: "等候其他编制完成",
    Step.GATHER: "汇集现行有效的文件",
    Step.LAY_OUT: "编排内容",
    Step.PDF: "排版并生成 PDF",
    Step.DOCX: "生成 Word 文档",
    Step.HTML: "生成网页",
    Step.KEEP: "保存并登记",
}
SHARES: Mapping[Step, int] = {Step.WAIT: 0, Step.GATHER: 8, Step.LAY_OUT: 4, Step.PDF: 62, Step.DOCX: 17, Step.HTML: 5, Step.KEEP: 4}
"""Hundredths of the whole that a step takes, as measured on a manual of 400 pages."""
VOLUMES: Mapping[Binding, int] = {Binding.BOUND: 1, Binding.VOLUMES: 3}
EACH = frozenset({Step.PDF, Step.DOCX, Step.HTML})
"""Steps that are taken for each volume."""

Tell = Callable[[Step], None]
"""Is told every step when it begins; may raise to stop the build there."""


def untold(_step: Step) -> None:
    """For a build that nobody watches."""


def share_of(step: Step, binding: Binding) -> float:
    return SHARES[step] / (VOLUMES[binding] if step in EACH else 1)
