"""The peers, installed into an environment of their own below build/; one that cannot be had is named, never guessed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench" / "peers"
PACKAGES = ("pypandoc_binary", "weasyprint", "locust")
OFFICE = "libreoffice"


def install() -> list[str]:
    """Install what is not there yet; returns the names of peers that could not be had."""
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
    absent = []
    for package in PACKAGES:
        done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package], capture_output=True)
        if done.returncode:
            absent.append(package)
    if not pandoc():
        absent.append("pandoc")
    if "weasyprint" not in absent and subprocess.run([str(python), "-c", "import weasyprint"], capture_output=True).returncode:
        absent.append("weasyprint")
    if not shutil.which("soffice"):  # `make system` installs it
        absent.append(OFFICE)
    return absent


def to_pdf(file: Path, folder: Path) -> list[str]:
    """LibreOffice's command that prints a DOCX, with a profile of its own."""
    return [
        "soffice",
        f"-env:UserInstallation=file://{folder / 'profile'}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(file),
    ]


def pandoc() -> Path | None:
    """The pandoc executable that the package brings."""
    return next(HOME.glob("lib/python*/site-packages/pypandoc/files/pandoc"), None)


def weasyprint() -> list[str]:
    return [str(HOME / "bin" / "python"), "-m", "weasyprint"]
