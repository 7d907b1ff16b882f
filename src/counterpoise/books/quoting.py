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


def let(name: str, value: str, body: str) -> str:
    """Return SQL of `body`, in which `name` stands for `value`, computed once a row.

    >>> print(let("p", "length(x)", "p * p"))
    list_transform([length(x)], lambda p: p * p)[1]
    """
    return f"list_transform([{value}], lambda {name}: {body})[1]"
