"""The command: it parses what is typed, calls one function below, and shows what comes back.

Exit codes: 0 done, 1 failed inside, 2 wrong usage, 3 input refused. What programs read goes to
standard output, everything else to standard error.
"""

from counterpoise.cli.main import main

__all__ = ["main"]
