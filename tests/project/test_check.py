"""Checks run in order, long ones beside the others; the first that fails ends them all."""

import sys

import pytest

from scripts.check import Check, run

_PYTHON = sys.executable


def _check(name: str, program: str, *, is_long: bool = False) -> Check:
    return Check(name, (_PYTHON, "-c", program), is_long=is_long)


WAITS = "import time\nwhile True: time.sleep(1)"


def test_tell_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [_check("long", "pass", is_long=True), _check("first", "pass"), _check("last", "pass")]
    assert run(checks) == 0
    told = capsys.readouterr().out
    assert [line.split()[:2] for line in told.splitlines()] == [
        ["first", "ok"],
        ["last", "ok"],
        ["long", "ok"],
    ]


def test_one_that_fails_ends_what_runs_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [
        _check("long", WAITS, is_long=True),
        _check("fails", "print('what is wrong'); raise SystemExit(3)"),
        _check("never", "print('never')"),
    ]
    assert run(checks) == 3
    told = capsys.readouterr().out
    assert "what is wrong" in told
    assert "never" not in told


def test_a_long_one_that_fails_ends_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    long = _check("long", "print('wrong type'); raise SystemExit(1)", is_long=True)
    assert run([long, _check("tests", WAITS)]) == 1
    assert "wrong type" in capsys.readouterr().out


def test_a_long_one_alone_is_waited_for() -> None:
    assert run([_check("long", "raise SystemExit(4)", is_long=True)]) == 4
