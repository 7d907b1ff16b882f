"""The house is built as its style says, where a machine can tell."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.pages import ROOT

SOURCE = ROOT / "src/counterpoise"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations")
PACKAGES = [path for path in MODULES if path.name == "__init__.py"]
_NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _long_functions(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > 50:
                yield f"{node.name} has {lines} lines"


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_a_module_is_one_thing(module: Path) -> None:
    assert module.stem not in _NAMELESS
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 500
    assert list(_long_functions(module)) == []


@pytest.mark.parametrize("package", PACKAGES, ids=_name)
def test_a_package_says_what_it_is_for(package: Path) -> None:
    assert ast.get_docstring(ast.parse(package.read_text(encoding="utf-8")))


def test_every_folder_with_modules_is_a_package() -> None:
    bare = {module.parent for module in MODULES} - {package.parent for package in PACKAGES}
    assert sorted(map(_name, bare)) == []


def test_tests_mirror_the_source() -> None:
    tested = {path.parent.relative_to(ROOT / "tests") for path in ROOT.glob("tests/*/**/test_*.py")}
    rooms = {path.parent.relative_to(SOURCE) for path in MODULES} | {Path("project")}
    assert {str(room) for room in tested if Path(room.parts[0]) not in rooms} == set()
