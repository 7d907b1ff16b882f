"""The pages about the API: every example runs, every operation is listed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller
from tests.web.api.conftest import MakeCaller

PAGES = ("docs/reference/api.md", "docs/how-to/connect-a-program.md")
_EXAMPLE = re.compile(
    r"^(?P<in> *)```http\n(?P<call>.*?)^ *```\n(?:\s*```json\n(?P<answer>.*?)^ *```\n)?",
    re.MULTILINE | re.DOTALL,
)


def send(caller: Caller, text: str) -> Any:
    """Send a call as a page writes it."""
    head, _, body = text.strip().partition("\n\n")
    first, *lines = [line.strip() for line in head.splitlines()]
    method, path = first.split(" ", 1)
    headers = dict(line.split(": ", 1) for line in lines)
    headers["Authorization"] = f"Bearer {caller.secret}"
    if method == "GET":
        return Client().get(path, headers=headers)
    return Client().post(path, body.strip(), content_type="application/json", headers=headers)


def holds(shown: Any, found: Any) -> bool:
    """Tell whether an answer holds what a page shows of it."""
    if isinstance(shown, dict):
        return all(name in found and holds(value, found[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(found) and all(map(holds, shown, found))
    return bool(shown == found)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("reviewed")
def test_answers_every_example_as_the_page_shows(
    root: Path, rep: User, caller_of: MakeCaller, page: str
) -> None:
    caller = caller_of(rep, TokenScope.DECIDE, TokenScope.ASK, TokenScope.READ)
    examples = list(_EXAMPLE.finditer((root / page).read_text()))
    assert len(examples) >= 4
    for example in examples:
        answer = send(caller, example["call"])
        if not example["answer"]:
            assert answer.status_code in {200, 201}, example["call"]
            continue
        found, shown = answer.json(), json.loads(example["answer"])
        assert holds(shown, found), (example["call"], found)


def test_lists_every_operation(root: Path, rep: User, caller_of: MakeCaller) -> None:
    described = caller_of(rep, TokenScope.READ).get("openapi.json").json()
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    page = (root / PAGES[0]).read_text()
    assert set(re.findall(r"^\| `((?:GET|POST) [^`]+)`", page, re.MULTILINE)) == there


def test_lists_every_scope(root: Path) -> None:
    page = (root / PAGES[0]).read_text()
    listed = re.findall(r"^\| `([a-z-]+)` \|", page.partition("## Operations")[0], re.MULTILINE)
    assert listed == [scope.value for scope in TokenScope]
