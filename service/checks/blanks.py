"""Blanks and leftovers: unfilled variables, mmm, ××公司, 【】, an empty phone, censored words, empty 《》."""

from __future__ import annotations

from service.checks.rules import Context, Problem, Problems, Severity
from service.text.blanks import blanks


def check_blanks(context: Context) -> Problems:
    for document in context.documents:
        for blank in blanks(document.procedure):
            yield Problem(blank.code, Severity.ERROR, document.number, blank.section, blank.message, blank.quote)
