"""The entry point, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys

from counterpoise.cli.app import app
from counterpoise.errors import CounterpoiseError

_FAILED = 1
_REFUSED = 3
_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main() -> None:
    """Run the command and exit with its code."""
    try:
        code = app(standalone_mode=False)
    except CounterpoiseError as error:
        _say(f"counterpoise: {error}")
        sys.exit(_REFUSED)
    except KeyboardInterrupt:
        _say("counterpoise: stopped; what was in use still is")
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has left; writing to it once more at exit would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)
    except Exception as error:  # noqa: BLE001 - the shell's edge: whatever comes has an exit code
        sys.exit(_other(error))
    sys.exit(code if isinstance(code, int) else 0)


def _other(error: Exception) -> int:
    """Say what went wrong and return the exit code; a defect is told as one."""
    import click

    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        _say("counterpoise: stopped; what was in use still is")
        return _INTERRUPTED
    if os.environ.get("COUNTERPOISE_DEBUG"):
        raise error
    _say(
        f"counterpoise: failed inside ({type(error).__name__}: {error}). This is a defect; "
        "what was in use still is. Run it again with COUNTERPOISE_DEBUG=1 to see where"
    )
    return _FAILED


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - the console may be what failed
