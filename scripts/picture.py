"""Make the documentation's picture from the demo's own report, with the system's Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/images/report.png"
WIDTH, HEIGHT = 1280, 860


def chromium() -> str:
    """Return the path of the system's Chromium, or end with what to install."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
    if not found:
        sys.exit("the picture needs Chromium (Debian: apt-get install chromium)")
    return found


def make_report(folder: Path) -> Path:
    """Run the demo in a folder and return the report that it wrote."""
    program = Path(sys.executable).with_name("counterpoise")
    command = [str(program), "demo", str(folder / "demo"), "--no-serve"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(iter(sorted(folder.rglob("*.html"))))


def take(report: Path, picture: Path) -> None:
    """Write the first screen of a report as a picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(report.as_uri())
        page.screenshot(path=picture)
        browser.close()


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as name:
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        take(make_report(Path(name)), PICTURE)
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
