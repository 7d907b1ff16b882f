"""Run every check in turn, or those that are named; stop at the first that fails.

A check that takes long runs beside the tests, and ends them when it fails.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_LOOK_EVERY = 0.5  # seconds
_PROCESSES = "3"
"""One more than the cores of a small machine: a seventh of the time goes by in waiting."""


@dataclass(frozen=True)
class Check:
    """A command that must succeed, and the name under which people know it."""

    name: str
    command: tuple[str, ...]
    is_shown: bool = False
    is_long: bool = False
    """Whether it runs while the checks after it do."""


CHECKS = (
    Check("format", ("ruff", "format", "--check", ".")),
    Check("lint", ("ruff", "check", ".")),
    Check("types", ("mypy",), is_long=True),
    Check("layers", ("lint-imports", "--no-cache")),
    Check("dependencies", ("deptry", ".")),
    Check("docs", ("mkdocs", "build", "--strict", "--quiet", "--site-dir", "build/site")),
    Check("tests", ("pytest", "--numprocesses", _PROCESSES, "--dist", "worksteal"), is_shown=True),
)


@dataclass
class Running:
    """A check that runs, and what it printed, unless that is shown as it comes."""

    check: Check
    process: subprocess.Popen[str]
    printed: IO[str] | None
    started: float = field(default_factory=time.monotonic)

    def wait(self, others: Sequence["Running"]) -> "Running":
        """Wait until it is done or another failed, and return which of them it was."""
        while self.process.poll() is None:
            failed = next((each for each in others if each.process.poll()), None)
            if failed is not None:
                return failed
            time.sleep(_LOOK_EVERY if others else 0.02)
        return self

    def tell(self) -> int:
        """Print its name, time, and what it printed if it failed; return its exit code."""
        code = self.process.wait()
        if self.printed is not None:
            seconds = time.monotonic() - self.started
            print(f"{self.check.name:<14}{'ok' if code == 0 else 'FAILED':<8}{seconds:6.1f} s")
            self.printed.seek(0)
            if code:
                command = " ".join(self.check.command)
                print(f"\n$ {command}\n{self.printed.read()}", flush=True)
        return code

    def stop(self) -> None:
        """End it, and forget what it printed."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        if self.printed is not None:
            self.printed.close()


def main(names: list[str]) -> int:
    """Run the named checks, or all, and return the exit code of the first that fails."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        known = ", ".join(check.name for check in CHECKS)
        print(f"no check is called {', '.join(sorted(unknown))}; there are {known}")
        return 2
    return run([check for check in CHECKS if not names or check.name in names])


def run(checks: Sequence[Check]) -> int:
    """Run checks in order, the long ones beside those after them; return the first failure."""
    beside: list[Running] = []
    with _ended(beside):
        for check in checks:
            running = _started(check)
            if check.is_long and check is not checks[-1]:
                beside.append(running)
                continue
            with _ended([running]):
                done = running.wait(beside)
                if done is not running:
                    running.stop()
                if code := done.tell():
                    return code
        codes = [each.tell() for each in beside]
    return next(filter(None, codes), 0)


@contextmanager
def _ended(running: Sequence[Running]) -> Iterator[None]:
    """End what still runs when a block does."""
    try:
        yield
    finally:
        for each in running:
            each.stop()


def _started(check: Check) -> Running:
    if check.is_shown:
        print(check.name, flush=True)
    printed = None if check.is_shown else _file()
    program, *arguments = check.command
    process = subprocess.Popen(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=printed,
        stderr=None if printed is None else subprocess.STDOUT,
    )
    return Running(check, process, printed)


def _file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")  # closed when the check is stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
