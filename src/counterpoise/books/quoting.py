"""Write names and text into SQL so that they stay names and text."""

from collections.abc import Iterable


def quoted(name: str) -> str:
    """Return a name as an SQL identifier.

    >>> quoted("outcome")
    '"outcome"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return text as an SQL literal.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Return texts as a comma-separated list of SQL literals.

    >>> print(literals(["a", "b"]))
    'a', 'b'
    """
    return ", ".join(map(literal, texts))


def is_one_of(x: str, texts: Iterable[str]) -> str:
    """Return SQL that tells whether `x` is one of a few texts.

    `IN` would do, but the engine makes a join of each `IN` with five texts or more, and a wide
    table of them takes more memory than there is.

    >>> print(is_one_of("x", ["a", "b"]))
    (x = 'a' OR x = 'b')
    """
    return f"({' OR '.join(f'{x} = {literal(text)}' for text in texts)})"


def let(name: str, value: str, body: str) -> str:
    """Return SQL of `body`, in which `name` stands for `value`, computed once a row.

    >>> print(let("p", "length(x)", "p * p"))
    list_transform([length(x)], lambda p: p * p)[1]
    """
    return f"list_transform([{value}], lambda {name}: {body})[1]"
