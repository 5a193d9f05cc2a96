"""LibreOffice as it would set a DOCX if it heeded `autoSpaceDE` and `autoSpaceDN`, as Word does.

LibreOffice (7.4) reads neither: it puts a fifth of an em between every digit and Hanzi, whatever the file says, and breaks lines of narrow
cells where Word does not. So the file goes through its own format, where that is switched off, and nothing else is changed.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOFFICE = shutil.which("soffice")
_OUTLINED = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
_SPACED, _PLAIN = 'style:text-autospace="ideograph-alpha"', 'style:text-autospace="none"'


def printed_by_office(docx: Path, folder: Path, seconds: int = 240) -> Path:
    """The PDF that LibreOffice makes of it, in `folder`."""
    between = _converted(docx, "fodt", folder, seconds)
    text = between.read_text("utf-8")
    assert _SPACED in text
    between.write_text(text.replace(_SPACED, _PLAIN), "utf-8")
    return _converted(between, _OUTLINED, folder, seconds)


def _converted(file: Path, to: str, folder: Path, seconds: int) -> Path:
    made = folder / "office" / f"{file.stem}.{to.partition(':')[0]}"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [SOFFICE or "soffice", profile, "--headless", "--convert-to", to, "--outdir", str(made.parent), str(file)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
    assert made.exists(), done.stdout + done.stderr
    return made
