"""References: 《…》 that names nothing in force, or what has been made obsolete; with the nearest title."""

from __future__ import annotations

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.references import FoundReference, nearest, references


def check_references(context: Context) -> Problems:
    titles = {document.title for document in context.documents}
    laws = {entry.title for entry in context.register}
    for document in context.documents:
        for found in references(document.procedure):
            if found.title in titles or found.title in laws:
                continue
            yield _dangling(document, found, context, titles)


def _dangling(document: Checked, found: FoundReference, context: Context, titles: set[str]) -> Problem:
    if found.title in context.obsolete_titles:
        message = f"引用的《{found.title}》已经作废"
        return Problem("obsolete_reference", Severity.ERROR, document.number, found.section, message, f"《{found.title}》")
    hint = nearest(found.title, sorted(titles))
    message = f"引用的《{found.title}》不在受控文件、记录和外来文件清单中" + (f",最接近的是《{hint}》" if hint else "")
    return Problem("dangling_reference", Severity.ERROR, document.number, found.section, message, f"《{found.title}》")
