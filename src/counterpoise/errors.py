"""The root of every error that Counterpoise raises on purpose."""


class CounterpoiseError(Exception):
    """Say what was found, what was expected, where, and what to do.

    Subclasses stand beside the code that raises them and build their own message. A shell turns
    any of them into one message and exit code 3 ("input refused"); everything else is a defect.
    """
