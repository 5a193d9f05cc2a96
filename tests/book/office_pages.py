"""LibreOffice's own PDF of a DOCX."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOFFICE = shutil.which("soffice")
_OUTLINED = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'


def printed_by_office(docx: Path, folder: Path, seconds: int = 240) -> Path:
    """The PDF, with its outline, below `folder`; nothing is told to LibreOffice that a user's would not be."""
    made = folder / "office" / f"{docx.stem}.pdf"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [SOFFICE or "soffice", profile, "--headless", "--convert-to", _OUTLINED, "--outdir", str(made.parent), str(docx)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
    assert made.exists(), done.stdout + done.stderr
    return made
