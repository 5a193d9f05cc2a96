"""`make pictures`: the pictures of README from the demo's own results. Needs Chromium and poppler (`make system`)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "content" / "pictures"
PORT = 8797
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000"),
)
PAGES = {"manual": "退货还是换货", "form": "培训签到及考核记录 HC"}  # words on the page of build/demo/manual.pdf that is shown
SCREENS = {"coverage": "/organisations/HC/coverage", "document": "/organisations/HC/documents/HC/SH-CX-25"}


def page(name: str, words: str) -> None:
    """The first page on which these words stand, spaces apart."""
    pdf = str(ROOT / "build" / "demo" / "manual.pdf")
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    number = next(index for index, text in enumerate(pages, 1) if words.replace(" ", "") in "".join(text.split()))
    where = str(PICTURES / name)
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", str(number), "-l", str(number), pdf, where], check=True)


def screen(name: str, path: str) -> None:
    with tempfile.TemporaryDirectory() as profile:
        where = str(PICTURES / f"{name}.png")
        options = [f"--user-data-dir={profile}", "--window-size=1280,900", f"--screenshot={where}"]
        subprocess.run(["chromium", *FLAGS, *options, f"http://127.0.0.1:{PORT}{path}"], check=True, capture_output=True)


def wait() -> None:
    for _ in range(50):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1)
            return
        except OSError:
            time.sleep(0.2)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, words in PAGES.items():
        page(name, words)
    server = subprocess.Popen([sys.executable, "-m", "service", "serve", "--port", str(PORT)])
    try:
        wait()
        for name, path in SCREENS.items():
            screen(name, path)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
