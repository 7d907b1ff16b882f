"""What is committed speaks of the product, not of the machine that it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

# Folders of one machine, registries' hosts, and file addresses of packages.
_HOSTS = ("pypi" + ".org", "python" + "hosted", "npm" + "js", "deb" + "ian.org")
_FOREIGN = re.compile(
    "|".join((r"/(?:home|root|Users|work|opt)/\w", r"/tmp/\w", *map(re.escape, _HOSTS)))
)


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    if not (root / ".git").exists():
        pytest.skip("this is no checkout, so nothing says which files are tracked")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    return [root / name for name in listed.stdout.split("\0") if name]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_machine_path_or_a_registry(tracked: list[Path], root: Path) -> None:
    found = {
        str(path.relative_to(root)): hits
        for path in tracked
        if path.is_file() and (hits := _FOREIGN.findall(_text(path)))
    }
    assert found == {}


def test_no_file_is_larger_than_a_megabyte(tracked: list[Path]) -> None:
    assert [path for path in tracked if path.is_file() and path.stat().st_size > 1_000_000] == []
