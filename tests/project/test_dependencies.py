"""What the project depends on is written down, locked and addressed nowhere."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock")


def _project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _names(requirements: list[Any]) -> set[str]:
    texts = [text for text in requirements if isinstance(text, str)]
    return {re.split(r"[\[<>=!~; ]", text)[0].lower().replace(".", "-") for text in texts}


def _locked(root: Path, lock: str) -> dict[str, str]:
    text = (root / lock).read_text(encoding="utf-8")
    return {
        found["name"]: found["rest"]
        for found in re.finditer(
            r"^(?P<name>[\w.-]+)==(?P<rest>[^\n]*\n(?:[ ]+--hash=[^\n]*\n)*)", text, re.MULTILINE
        )
    }


def test_the_page_on_dependencies_names_each_and_no_other(root: Path) -> None:
    page = (root / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    project = _project(root)
    declared = _names(project["project"]["dependencies"])
    for group in (
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ):
        declared |= _names(group)
    assert {name.replace(".", "-") for name in told} == declared


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_hashes(root: Path, lock: str) -> None:
    locked = _locked(root, lock)
    assert len(locked) > 30
    assert [name for name, rest in locked.items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_nothing_of_where_they_come_from(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|file:|--index|--extra-index|--find-links|@ ", text) == []


def test_the_lock_holds_every_dependency_and_the_backend(root: Path) -> None:
    project = _project(root)
    wanted = _names(project["project"]["dependencies"]) | _names(
        project["build-system"]["requires"]
    )
    assert wanted - set(_locked(root, "requirements.lock")) == set()


def test_both_locks_name_the_same_versions(root: Path) -> None:
    run, dev = (_locked(root, lock) for lock in LOCKS)
    assert {name: rest for name, rest in run.items() if dev.get(name) != rest} == {}
