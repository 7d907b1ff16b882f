"""The URL of a database, with its password by reference to the environment only."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.spelling import unknown

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_REFERENCE = re.compile(r"\$\{(\w+)\}")
_SCHEMES = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}
_OPTIONS = ("schema", "tables", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
_SECRETS = {"password", "passwd", "pass", "pwd", "sslpassword"}
_EXAMPLE = "postgresql://user:${PGPASSWORD}@host/database"


class BadAddressError(SourceError):
    """Raised when a database's URL cannot be used; its text is never repeated."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"database URL: {what}; write sqlite:///path/to/file.db or {_EXAMPLE}?schema=name"
        )


class LiteralPasswordError(SourceError):
    """Raised when a password stands in a database's URL."""

    def __init__(self) -> None:
        super().__init__(
            "database URL: a password stands in it, where history and logs would keep it; put it "
            f"into an environment variable and write its name instead: {_EXAMPLE}"
        )


class UnsetVariableError(SourceError):
    """Raised when the environment lacks the variable that a URL names."""

    def __init__(self, name: str, shown: str) -> None:
        super().__init__(
            f"{shown}: the environment variable {name} is not set; set it to the password, "
            "in this shell or for this program only"
        )


@dataclass(frozen=True)
class Address:
    """Where a database is and which of its tables are meant."""

    kind: str  # sqlite or postgresql
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password_variable: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read a URL.

        >>> Address.parse("postgresql://ann:${SECRET}@db/crm?schema=sales").shown
        'postgresql://ann@db/crm'

        Raises:
            BadAddressError: It is of another kind, or incomplete.
            LiteralPasswordError: A password stands in it.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadAddressError("host or port cannot be read") from None
        scheme = parts.scheme.partition("+")[0]
        if scheme not in _SCHEMES:
            raise BadAddressError(unknown("kind of database", scheme, ["sqlite", "postgresql"]))
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        _check_options(options)
        if _SCHEMES[scheme] == "sqlite":
            return cls("sqlite", _sqlite_path(parts), options=options)
        if not parts.hostname and not os.environ.get("PGHOST"):
            raise BadAddressError("the host is missing")
        return cls(
            kind="postgresql",
            database=unquote(parts.path.lstrip("/")),
            host=unquote(parts.hostname or ""),
            port=port,
            user=unquote(parts.username or ""),
            password_variable=_variable(parts.password),
            options=options,
        )

    @property
    def shown(self) -> str:
        """Return the address as people may see it, without options or password."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.database}"
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{user}{self.host}{port}/{self.database}"

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables to read; none means all."""
        names = self.options.get("tables", "").split(",")
        return tuple(name.strip() for name in names if name.strip())

    def password(self) -> str | None:
        """Look the password up in the environment.

        Raises:
            UnsetVariableError: The variable is not there.
        """
        if self.password_variable is None:
            return None
        value = os.environ.get(self.password_variable)
        if value is None:
            raise UnsetVariableError(self.password_variable, self.shown)
        return value


def is_address(source: str) -> bool:
    """Tell whether a source is written as a URL.

    >>> is_address("sqlite:///crm.db"), is_address("C:/exports")
    (True, False)
    """
    return _URL.match(source) is not None


def _check_options(options: Mapping[str, str]) -> None:
    for name in options:
        if name.lower() in _SECRETS:
            raise LiteralPasswordError
        if name not in _OPTIONS:
            raise BadAddressError(unknown("option", name, _OPTIONS))


def _variable(password: str | None) -> str | None:
    if not password:
        return None
    reference = _REFERENCE.fullmatch(unquote(password))
    if reference is None:
        raise LiteralPasswordError
    return reference.group(1)


def _sqlite_path(parts: SplitResult) -> str:
    if parts.netloc:
        raise BadAddressError("a path follows three slashes (four where it starts at the root)")
    path = unquote(parts.path.removeprefix("/"))
    if not path:
        raise BadAddressError("the path of the SQLite file is missing")
    return path
