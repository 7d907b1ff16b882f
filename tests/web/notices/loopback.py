"""A mail server and a chat on loopback, which keep what they are sent."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, TypeVar


class MailServer(socketserver.TCPServer):
    """Takes mail as a company's server does (RFC 5321), as far as a room hands it over."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[tuple[list[str], Message]] = []
        """The recipients and the message of each mail."""

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        to: list[str] = []
        self._say(220, "here")
        for line in self.rfile:
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb == b"RCPT":
                to.append(line.decode().partition("<")[2].partition(">")[0])
            if verb == b"DATA":
                self._say(354, "go on")
                self.server.taken.append((to, message_from_bytes(self._text())))
                to = []
            self._say(221 if verb == b"QUIT" else 250, "so be it")
            if verb == b"QUIT":
                return

    def _text(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") if line[:2] == b".." else line for line in lines)

    def _say(self, code: int, words: str) -> None:
        self.wfile.write(f"{code} {words}\r\n".encode())


class Chat(HTTPServer):
    """Takes what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.taken: list[dict[str, Any]] = []


class _Post(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        """Keep the posted object."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Stay silent."""


_Kind = TypeVar("_Kind", MailServer, Chat)


@contextmanager
def listening(server: _Kind) -> Iterator[_Kind]:
    """Serve in the background."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
