"""A server on this computer that answers as the hub does, and can be told to misbehave."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" * 6 + "abcd"


@dataclass
class Misbehaviour:
    """Each list is used up from its front, one entry for a request.

    statuses: answers instead of the right ones, (status, x-error-code). cuts: after how many bytes of a body the
    connection ends; None lets it through. announced: a wrong size for every file. body: what is sent in a file's place.
    more: bytes sent beyond the end of a large file. deaf: takes no Range. wordless: lacks the hub's headers.
    """

    statuses: list[tuple[int, str]] = field(default_factory=list)
    get_statuses: list[tuple[int, str]] = field(default_factory=list)
    cuts: list[int | None] = field(default_factory=list)
    announced: int | None = None
    body: bytes | None = None
    more: bytes = b""
    deaf: bool = False
    wordless: bool = False
    etag: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        """Where its Range begins; 0 without one."""
        return int(self.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])


class HubServer:
    """files: path in the repository → content. large: which of them lie elsewhere, as LFS files do.

    keeps_small_files_elsewhere: the others are answered from another address of the hub, too.
    """

    def __init__(self, repository: str, files: dict[str, bytes], large: set[str]) -> None:
        self.repository, self.files, self.large = repository, files, large
        self.wrong = Misbehaviour()
        self.asked: list[Asked] = []
        self.endpoint = ""
        self.moved_to = ""
        self.keeps_small_files_elsewhere = False

    def gets(self) -> list[Asked]:
        """The requests for bytes of a file, not for where they are."""
        return [each for each in self.asked if each.method == "GET" and ("/blobs/" in each.path or not self.large)]

    @contextmanager
    def running(self) -> Iterator[HubServer]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = False
        thread = threading.Thread(target=lambda: server.serve_forever(0.01), name="hub")
        thread.start()
        self.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_HEAD(self) -> None:
                hub._answer(self)

            def do_GET(self) -> None:
                hub._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        headers = {key.lower(): value for key, value in request.headers.items()}
        path = unquote(urlsplit(request.path).path)  # a proxy is asked for whole addresses
        asked = Asked(request.command, path, headers)
        self.asked.append(asked)
        request.close_connection = True
        blobs, prefix = "/blobs/", f"/{self.repository}/resolve/"
        if self.moved_to and path.startswith(prefix):
            self._reply(request, 307, {"Location": path.replace(self.repository, self.moved_to, 1)})
        elif path.startswith(blobs):
            self._send(request, asked, self.files[path.removeprefix(blobs)])
        elif path.startswith("/api/resolve-cache/"):
            name = path.removeprefix("/api/resolve-cache/")
            self._send(request, asked, self.files[name], self._facts(name))
        elif path.startswith((prefix, f"/{self.moved_to}/resolve/")):
            _, _, name = path.partition("/resolve/")[2].partition("/")
            self._resolve(request, asked, name)
        else:
            self._reply(request, 401, {"X-Error-Code": "RepoNotFound"})

    def _resolve(self, request: BaseHTTPRequestHandler, asked: Asked, name: str) -> None:
        if self.wrong.statuses:
            status, code = self.wrong.statuses.pop(0)
            self._reply(request, status, {"X-Error-Code": code} if code else {})
        elif name not in self.files:
            self._reply(request, 404, {"X-Error-Code": "EntryNotFound"})
        elif name in self.large:
            self._reply(request, 302, {**self._facts(name), "Location": f"/blobs/{name}"})
        elif self.keeps_small_files_elsewhere:
            self._reply(request, 307, {"X-Repo-Commit": COMMIT, "Location": f"/api/resolve-cache/{name}"})
        else:
            self._send(request, asked, self.files[name], self._facts(name))

    def _facts(self, name: str) -> dict[str, str]:
        if self.wrong.wordless:
            return {}
        content, large = self.files[name], name in self.large
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        etag = self.wrong.etag or (hashlib.sha256(content).hexdigest() if large else blob)
        size = len(content) if self.wrong.announced is None else self.wrong.announced
        facts = {"X-Repo-Commit": COMMIT, "ETag": f'"{blob}"'}
        return facts | ({"X-Linked-ETag": f'"{etag}"', "X-Linked-Size": str(size)} if large else {"ETag": f'"{etag}"'})

    def _send(
        self, request: BaseHTTPRequestHandler, asked: Asked, content: bytes, facts: dict[str, str] | None = None
    ) -> None:
        if asked.method == "GET" and self.wrong.get_statuses:
            self._reply(request, self.wrong.get_statuses.pop(0)[0], {})
            return
        body = content if self.wrong.body is None or asked.method == "HEAD" else self.wrong.body
        start = 0 if self.wrong.deaf else asked.start
        if start > len(body):
            self._reply(request, 416, {})
            return
        spans = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        endless = self.wrong.more if "/blobs/" in asked.path else b""
        rest = body[start:] + endless
        length = {} if endless else {"Content-Length": str(len(rest))}
        cut = self.wrong.cuts.pop(0) if asked.method == "GET" and self.wrong.cuts else None
        request.send_response(206 if start else 200)
        for key, value in {**(facts or {}), **spans, **length, "Connection": "close"}.items():
            request.send_header(key, value)
        request.end_headers()
        if asked.method == "GET":
            try:
                request.wfile.write(rest[:cut])
            except OSError:
                return  # the other side wanted no more

    def _reply(self, request: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
        request.send_response(status)
        for key, value in {**headers, "Content-Length": "0", "Connection": "close"}.items():
            request.send_header(key, value)
        request.end_headers()
