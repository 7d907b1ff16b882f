"""The entry point, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import contextlib
import io
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads spin where others want the cores

from typer import Abort, TyperException

from counterpoise.books.cycles import look_seldom_for_cycles
from counterpoise.cli.app import app
from counterpoise.cli.leaving import ReaderLeftError
from counterpoise.cli.machine import said_of
from counterpoise.errors import CounterpoiseError

_FAILED = 1
_REFUSED = 3
_INTERRUPTED = 130
_READER_LEFT = 141
_STOPPED = "counterpoise: stopped; what was in use still is"


def main() -> None:
    """Run the command and exit with its code."""
    _speak_utf8()
    look_seldom_for_cycles()
    try:
        code = app(prog_name="counterpoise", standalone_mode=False)
    except CounterpoiseError as error:
        _say(f"counterpoise: {error}")
        sys.exit(_REFUSED)
    except (KeyboardInterrupt, Abort):
        code = _INTERRUPTED
    except ReaderLeftError:
        _stop_writing()
        sys.exit(_READER_LEFT)
    except TyperException as error:
        sys.exit(_misused(error))
    except Exception as error:  # noqa: BLE001 - the shell's edge: whatever comes has an exit code
        sys.exit(_failed(error))
    if code == _INTERRUPTED:
        _say(_STOPPED)
    sys.exit(code if isinstance(code, int) else 0)


def _speak_utf8() -> None:
    """Write the same bytes on every system; a message never fails over a letter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def _misused(error: TyperException) -> int:
    """Say how the command is used."""
    show = getattr(error, "show", None)
    if show is None:
        _say(f"counterpoise: {error}")
    else:
        show()
    return error.exit_code


def _failed(error: Exception) -> int:
    """Tell a defect as one, and what the machine lacks as what it is."""
    if os.environ.get("COUNTERPOISE_DEBUG"):
        raise error
    lacking = said_of(error)
    if lacking:
        _say(f"counterpoise: {lacking}. What was in use still is")
        return _REFUSED
    _say(
        f"counterpoise: failed inside ({type(error).__name__}: {error}). This is a defect; "
        "what was in use still is. Run it again with COUNTERPOISE_DEBUG=1 to see where"
    )
    return _FAILED


def _stop_writing() -> None:
    """Let what is still to be written vanish, so that closing the output does not fail again."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - the console may be what failed
