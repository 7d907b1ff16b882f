"""Run every check in turn, or those that are named; stop at the first that fails."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """A command that must succeed, and the name under which people know it."""

    name: str
    command: tuple[str, ...]
    is_shown: bool = False


CHECKS = (
    Check("format", ("ruff", "format", "--check", ".")),
    Check("lint", ("ruff", "check", ".")),
    Check("types", ("mypy",)),
    Check("layers", ("lint-imports", "--no-cache")),
    Check("dependencies", ("deptry", ".")),
    Check("docs", ("mkdocs", "build", "--strict", "--quiet", "--site-dir", "build/site")),
    Check("tests", ("pytest", "--numprocesses", "2", "--dist", "worksteal"), is_shown=True),
)


def main(names: list[str]) -> int:
    """Run the named checks, or all, and return the exit code of the first that fails."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        known = ", ".join(check.name for check in CHECKS)
        print(f"no check is called {', '.join(sorted(unknown))}; there are {known}")
        return 2
    for check in CHECKS:
        if not names or check.name in names:
            code = run(check)
            if code:
                return code
    return 0


def run(check: Check) -> int:
    """Run one check, print its name and time, and return its exit code."""
    print(f"{check.name:<14}", end="\n" if check.is_shown else "", flush=True)
    started = time.monotonic()
    program, *arguments = check.command
    done = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=None if check.is_shown else subprocess.PIPE,
        stderr=None if check.is_shown else subprocess.STDOUT,
        check=False,
    )
    if check.is_shown:
        return done.returncode
    print(f"{'ok' if done.returncode == 0 else 'FAILED':<8}{time.monotonic() - started:6.1f} s")
    if done.returncode:
        print(f"\n$ {' '.join(check.command)}\n{done.stdout}", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
