"""The hub's side of a download: what it says of a file, and the file's bytes from any place on.

Addresses, their rules and the token are huggingface_hub's. Its hf_hub_download deletes the part of a download that was
cut, and its progress comes in steps of 10 MB; so the bytes are asked for here. Its client refuses everything once the
loaders are kept offline; this one is used only when a person asks.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from assistant.models.bounded import in_words
from assistant.models.catalogue import Model, ModelFile
from assistant.models.digest import digest_of_etag

if TYPE_CHECKING:
    import httpx2

USUAL_ENDPOINT = "https://huggingface.co"
_MOST_REDIRECTS = 5
_CONNECT_S, _READ_S = 10.0, 10.0
_BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Answers that another try may change."""


_Placed = Generator[tuple[int, bytes], None, None]


class DownloadFailed(RuntimeError):
    """The model could not be fetched. The text says what happened and what to do."""


class Cut(RuntimeError):
    """The connection broke or the hub is busy: trying again may help. The text is for the person should it not."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What the hub says of a file. digest: as in `digest_of_etag`. commit: the repository's state it belongs to."""

    size: int
    digest: str
    commit: str


class Hub:
    """A connection to the hub. Proxies come from the environment, as everywhere. Owned by the downloading thread."""

    def __init__(self, endpoint: str = "") -> None:
        """endpoint: "" takes HF_ENDPOINT, or the hub itself. Raises DownloadFailed for one that cannot be."""
        import httpx2
        from huggingface_hub import get_token

        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT", "") or USUAL_ENDPOINT).rstrip("/")
        self.host = urlsplit(self.endpoint).hostname or ""
        if urlsplit(self.endpoint).scheme not in ("http", "https") or not self.host:
            raise DownloadFailed(f"HF_ENDPOINT is {self.endpoint}, which is no address. Correct or remove it.")
        headers = {"user-agent": "interject", "accept-encoding": "identity"}
        token = get_token()
        self._authorization = {"authorization": f"Bearer {token}"} if token else {}
        try:
            self._client = httpx2.Client(headers=headers, timeout=httpx2.Timeout(_READ_S, connect=_CONNECT_S))
        except (ValueError, ImportError, OSError) as fault:  # a proxy or certificate of the environment that cannot be
            raise DownloadFailed(f"The proxy settings cannot be used: {fault}. Correct them.") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, model: Model, file: ModelFile, revision: str) -> Remote:
        """What it says of the file. Raises DownloadFailed, or Cut where another try may help."""
        url = self._url(model, file, revision)
        commit = digest = size = ""
        for _ in range(_MOST_REDIRECTS):
            with self._reached():
                response = self._client.head(url, headers=self._authorized(url))
            self._check(response, model, file)
            headers = response.headers
            commit = commit or headers.get("x-repo-commit", "")
            digest = digest_of_etag(headers.get("x-linked-etag", ""))
            size = headers.get("x-linked-size", "")
            if digest and size:  # a large file, whose bytes lie elsewhere
                break
            if not response.is_redirect:
                digest = digest or digest_of_etag(headers.get("etag", ""))
                size = size or headers.get("content-length", "")
                break
            # A repository that was renamed, or the hub's own store of small files.
            url = str(response.request.url.join(headers.get("location", "")))
        if not (digest and commit and size.isdigit()):
            raise DownloadFailed(
                f"What answered at {self.host} is no Hugging Face hub: it may be a network's sign-in page or a proxy. "
                "Open a web page to see whether the network asks something, then try again."
            )
        return Remote(int(size), digest, commit)

    def read(self, model: Model, file: ModelFile, remote: Remote, start: int) -> _Placed:
        """The file's bytes from `start` on, as (where they belong, bytes). A hub that cannot begin there begins at 0.

        Raises DownloadFailed, or Cut where the bytes ended early or another try may help.
        """
        url = self._url(model, file, remote.commit)
        headers = self._authorized(url) | ({"range": f"bytes={start}-"} if start else {})
        with self._reached(), self._client.stream("GET", url, headers=headers, follow_redirects=True) as response:
            self._check(response, model, file)
            at = _begins(response, remote)
            for chunk in response.iter_bytes():
                if at + len(chunk) > remote.size:
                    raise DownloadFailed(
                        f"{self.host} sends more than the {in_words(remote.size)} that it announced for {file.path}. "
                        "Try again later, or choose another model."
                    )
                yield at, chunk
                at += len(chunk)
        if at < remote.size:
            raise Cut(f"{self.host} ended {file.path} at {in_words(at)} of {in_words(remote.size)}.")

    def _authorized(self, url: str) -> dict[str, str]:
        """The token is shown to the hub only; the client takes it off where an answer leads elsewhere."""
        return self._authorization if urlsplit(url).netloc == urlsplit(self.endpoint).netloc else {}

    def _url(self, model: Model, file: ModelFile, revision: str) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(model.repository, file.path, revision=revision, endpoint=self.endpoint)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turns the client's faults into words."""
        import httpx2

        try:
            yield
        except httpx2.ProxyError as fault:
            raise DownloadFailed(f"The proxy did not let this through: {fault}. Check the proxy settings.") from fault
        except httpx2.TimeoutException as fault:
            raise Cut(f"{self.host} did not answer in time. Check the network, then try again.") from fault
        except httpx2.TransportError as fault:
            if "certificate" in str(fault).lower():
                raise DownloadFailed(
                    f"The certificate of {self.host} cannot be trusted: {fault}. Check the clock; behind a company's "
                    "proxy, set SSL_CERT_FILE to its certificate."
                ) from fault
            raise Cut(f"No connection to {self.host}: {fault}. Check the network, then try again.") from fault
        except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
            raise DownloadFailed(f"{self.host} answered what cannot be understood: {fault}.") from fault

    def _check(self, response: httpx2.Response, model: Model, file: ModelFile) -> None:
        status, code = response.status_code, response.headers.get("x-error-code", "")
        if status < 400:
            return
        if code == "GatedRepo" or (status in (401, 403) and model.gated):
            raise DownloadFailed(
                f"{model.name} is given only to people who have accepted its licence. Open {model.page}, accept it, "
                "make a token in your account's settings, set it as HF_TOKEN, then try again."
            )
        if status == 401 or code == "RepoNotFound":  # the hub answers 401 for what does not exist, too
            raise DownloadFailed(
                f"{self.host} knows no repository {model.repository}, or shows it to its members only. Choose another "
                "model, or look for a newer Interject."
            )
        if code == "RevisionNotFound":
            raise DownloadFailed(f"{model.repository} no longer has revision {model.revision}. Choose another model.")
        if status == 404:
            raise DownloadFailed(f"{model.repository} no longer has the file {file.path}. Choose another model.")
        if status == 407:
            raise DownloadFailed("The proxy wants a name and a password. Put them into HTTPS_PROXY.")
        if status == 416:
            raise Cut(f"{self.host} could not go on with {file.path} where it stopped.")
        if status in _BUSY:
            raise Cut(f"{self.host} is busy or has a fault (answer {status}). Try again later.")
        raise DownloadFailed(f"{self.host} refuses {file.path} (answer {status}). Try again later.")


def _begins(response: httpx2.Response, remote: Remote) -> int:
    """Where the body belongs. Raises DownloadFailed where its length is not what was announced."""
    begin, total = 0, response.headers.get("content-length", "")
    if response.status_code == 206:
        span, _, total = response.headers.get("content-range", "").removeprefix("bytes ").partition("/")
        begin = int(span.partition("-")[0]) if span.partition("-")[0].isdigit() else 0
    if total.isdigit() and int(total) != remote.size and not response.headers.get("content-encoding"):
        raise DownloadFailed(
            f"The hub announced {in_words(remote.size)} and sends {in_words(int(total))}: this is not the file that "
            "was meant. Try again later, or choose another model."
        )
    return begin
