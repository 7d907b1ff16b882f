"""The two commands do what they say."""

import subprocess
from pathlib import Path

from scripts.check import CHECKS


def _plan(root: Path, target: str) -> str:
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_an_installed_checkout_is_not_installed_again(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    assert "scripts/install.sh" in _plan(tmp_path, "test")
    for line in _plan(tmp_path, "test").splitlines():
        if line.startswith("touch"):
            for stamp in line.split()[1:]:
                (tmp_path / stamp).touch()
    assert "scripts/install.sh" not in _plan(tmp_path, "test")
    assert "scripts/install.sh" not in _plan(tmp_path, "demo")


def test_a_changed_lock_is_installed(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    stamp = _plan(tmp_path, "demo").splitlines()[1].split()[1]
    (tmp_path / stamp).touch()
    with (tmp_path / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# another\n")
    assert "scripts/install.sh requirements.lock" in _plan(tmp_path, "demo")


def test_the_check_ends_with_the_tests() -> None:
    assert [check.name for check in CHECKS][-1] == "tests"
    assert CHECKS[-1].is_shown


def test_shell_scripts_parse(root: Path) -> None:
    for script in (root / ".ci/run", *root.glob("scripts/*.sh")):
        subprocess.run(["bash", "-n", str(script)], check=True)
