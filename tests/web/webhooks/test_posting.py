"""Messages go to the public internet, by https, and nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from counterpoise.web.notices import addresses
from counterpoise.web.webhooks.posting import EndpointError, NotTakenError, check_url, post


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "ftp://crm.example.com/",
        "crm.example.com",
        "https://",
        "https://user:word@crm.example.com/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://crm.local/",
        "https://127.0.0.1/",
        "https://10.0.0.8:8443/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://crm.example.com:port/",
        "https://crm.example.com/ /",
        "https://[::1/",
        "",
    ],
)
def test_refuses_an_address(url: str) -> None:
    with pytest.raises(EndpointError):
        check_url(url)


@pytest.mark.parametrize("url", ["https://crm.example.com/a?b=c", "https://8.8.8.8:8443/"])
def test_takes_an_address(url: str) -> None:
    check_url(url)


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    """Serve a program on this machine that answers by its path."""
    got: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, {name.lower(): it for name, it in self.headers.items()}, body))
            self.send_response(int(self.path.strip("/").partition("?")[0] or 200))
            self.send_header("Location", "/200")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()
    thread.join()


def test_reaches_nothing_inside_by_any_name(receiver: tuple[str, list[object]]) -> None:
    address, got = receiver
    port = address.rpartition(":")[2]
    for inside in (address, f"http://localhost:{port}", f"http://127.1:{port}"):
        with pytest.raises(NotTakenError):
            post(f"{inside}/200", {}, b"{}")
    assert got == []


def test_posts_the_bytes_and_follows_nowhere(
    receiver: tuple[str, list[tuple[str, dict[str, str], bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_is_public", lambda _: True)
    address, got = receiver
    assert post(f"{address}/302?a=b", {"webhook-id": "msg_1"}, '{"ü":1}'.encode()) == 302
    ((path, headers, body),) = got
    assert path == "/302?a=b"
    assert headers["webhook-id"] == "msg_1"
    assert body == '{"ü":1}'.encode()
    with pytest.raises(NotTakenError):
        post("http://127.0.0.1:1/", {}, b"{}")
