"""References: 《…》 that names nothing controlled (with the nearest title), what is not in force yet, or what is obsolete."""

from __future__ import annotations

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.references import FoundReference, nearest, references


def check_references(context: Context) -> Problems:
    """A draft may name other drafts; what is released may name only what is released."""
    titles = {document.title for document in context.documents}
    good = {entry.title for entry in context.register} | {document.title for document in context.documents if document.in_force}
    for document in context.documents:
        for found in references(document.procedure):
            if found.title in good or (found.title in titles and not document.in_force):
                continue
            yield _unreleased(document, found) if found.title in titles else _dangling(document, found, context, titles)


def _unreleased(document: Checked, found: FoundReference) -> Problem:
    message = f"引用的《{found.title}》尚未发布"
    return Problem("unreleased_reference", Severity.ERROR, document.number, found.section, message, f"《{found.title}》")


def _dangling(document: Checked, found: FoundReference, context: Context, titles: set[str]) -> Problem:
    if found.title in context.obsolete_titles:
        message = f"引用的《{found.title}》已经作废"
        return Problem("obsolete_reference", Severity.ERROR, document.number, found.section, message, f"《{found.title}》")
    hint = nearest(found.title, sorted(titles))
    message = f"引用的《{found.title}》不在受控文件、记录和外来文件清单中" + (f"，最接近的是《{hint}》" if hint else "")
    return Problem("dangling_reference", Severity.ERROR, document.number, found.section, message, f"《{found.title}》")
