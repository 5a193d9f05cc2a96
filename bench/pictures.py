"""`make pictures`: the pictures of README from the demo's own results. Needs Chromium and poppler (`make system`)."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from service.demo import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "content" / "pictures"
PORT = 8797
CHROMIUM = "/usr/bin/chromium"
PAGES = {"manual": "退货还是换货", "form": "培训签到及考核记录 HC"}  # words on the page of build/demo/manual.pdf that is shown
SCREENS = {
    "desk": "/organisations/HC",
    "coverage": "/organisations/HC/coverage?view=map",
    "document": "/organisations/HC/documents/HC/SH-CX-25",
    "approval": "/organisations/HC/documents/HC/SH-CX-25/approval?view=changes",
}


def page(name: str, words: str) -> None:
    """The first page on which these words stand, spaces apart."""
    pdf = str(ROOT / "build" / "demo" / "manual.pdf")
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    number = next(index for index, text in enumerate(pages, 1) if words.replace(" ", "") in "".join(text.split()))
    where = str(PICTURES / name)
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", str(number), "-l", str(number), pdf, where], check=True)


def screens(address: str) -> None:
    """Pages as the demo's 文控员 sees them."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page.goto(f"{address}/login")
        page.get_by_label("登录名").fill("li")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/organisations**")
        for name, path in SCREENS.items():
            page.goto(f"{address}{path}", wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


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
        screens(f"http://127.0.0.1:{PORT}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
