"""What `[room]` may hold is documented, and what it must not hold is refused."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from counterpoise.books import Workspace, WorkspaceError
from counterpoise.web.options import RoomOptions
from counterpoise.web.outside import Mail, MissingSecretError, Oidc, revealed
from counterpoise.web.profile.options import sign_in_settings

OIDC = {"server": "https://login.example.com", "client_id": "room"}


def _workspace(tmp_path: Path, room: dict[str, object]) -> Workspace:
    return Workspace(tmp_path, "USD", "UTC", room=room)


@pytest.mark.parametrize(
    ("title", "options"),
    [("Settings of the room", RoomOptions), ("`[room.oidc]`", Oidc), ("`[room.mail]`", Mail)],
)
def test_every_setting_is_documented(root: Path, title: str, options: type[BaseModel]) -> None:
    page = (root / "docs/reference/room.md").read_text("utf-8")
    part = re.split(r"(?m)^#+ ", page.split(f"# {title}\n")[1])[0]
    rows = re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \|", part)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(
        options.model_fields
    )


@pytest.mark.parametrize(
    ("room", "says"),
    [
        ({"databse": "x"}, "database"),
        ({"oidc": OIDC | {"client_secret": "hush"}}, "a secret is never written here"),
        ({"oidc": OIDC | {"client_secert": "${X}", "client_secret": "${X}"}}, "client_secret"),
        (
            {"oidc": OIDC | {"server": "http://login.example.com", "client_secret": "${X}"}},
            "does not begin with https://",
        ),
        ({"mail": {"host": "h", "sender": "s", "password": "hush"}}, "never written here"),
        ({"workers": 0}, "room.workers"),
    ],
)
def test_refuses_what_cannot_be_used(tmp_path: Path, room: dict[str, object], says: str) -> None:
    with pytest.raises(WorkspaceError, match=re.escape(says)):
        RoomOptions.of(_workspace(tmp_path, room))


def test_does_not_start_without_a_secret_that_it_refers_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ABSENT", raising=False)
    room = RoomOptions.of(_workspace(tmp_path, {"oidc": OIDC | {"client_secret": "${ABSENT}"}}))
    with pytest.raises(WorkspaceError, match=r"\$\{ABSENT\} is not set"):
        sign_in_settings(room)
    with pytest.raises(MissingSecretError):
        revealed("${ABSENT}")


def test_binds_cookies_to_the_host_behind_https(tmp_path: Path) -> None:
    room = RoomOptions.of(_workspace(tmp_path, {"origins": ["https://room.example.com"]}))
    made = sign_in_settings(room)
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert made["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SECURE_HSTS_SECONDS"] > 0
    assert made["SECURE_PROXY_SSL_HEADER"] is None, "nobody says so who is not a proxy of ours"
