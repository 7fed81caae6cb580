"""What a failed pip run was about, told from its output, with the one thing to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bootstrap import compiler


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_DISK = _any("No space left on device", "Errno 28", "disk (is )?full", "WinError 112")
_CERTIFICATE = _any("CERTIFICATE_VERIFY_FAILED", "SSLError", "SSLCertVerificationError")
_NETWORK = _any(
    "name resolution", "getaddrinfo failed", "nodename nor servname", "NewConnectionError", "ConnectTimeoutError",
    "Connection refused", "Network is unreachable", "Read timed out", "ReadTimeoutError", "Max retries exceeded",
    "RemoteDisconnected", "Connection aborted", "ProxyError", "Could not connect",
)  # fmt: skip
_HASHES = _any("DO NOT MATCH THE HASHES")
_COMPILER = _any(
    "CMAKE_C(XX)?_COMPILER", "Could not find compiler", r"Microsoft Visual C\+\+ .*required",
    "nmake.*(not found|no such)", "Unknown compiler",
)  # fmt: skip
_MEMORY = _any("Killed signal", "internal compiler error: Killed", "MemoryError", "out of memory", "Cannot allocate")
_REFUSED = _any("Permission denied", "Errno 13", "Errno 30", "Read-only file system", r"WinError 5\b")
_NO_FILE = re.compile(r"No matching distribution found for (\S+)")
_NOISE = _any(r"^\s*$", "^WARNING", "^Traceback", r"^\s+File ", r"^\[notice\]", "hint: See above")


def diagnose(lines: Sequence[str]) -> tuple[str, str]:
    """(what happened, the remedy), each one sentence; the tail of the output where nothing is recognised."""
    text = "\n".join(lines)
    # The disk before the network: a full disk breaks downloads with words of both kinds.
    for pattern, what, remedy in (
        (_DISK, "The disk is full.", "Free 2 GB and start again; what was downloaded is kept."),
        (
            _CERTIFICATE,
            "The package index's certificate was not accepted.",
            "Check the clock and any proxy of this machine, then start again.",
        ),
        (_NETWORK, "The package index could not be reached.", "Check the network or the proxy, then start again."),
        (
            _HASHES,
            "A downloaded file is not the one that was locked.",
            "Check which package index pip uses, type 'pip cache purge', then start again.",
        ),
        (_COMPILER, "There is no working C++ compiler.", compiler.remedy()),
        (_MEMORY, "The machine ran out of memory.", "Close other programs and start again."),
        (_REFUSED, "A file could not be written.", "Make the folder of Interject writable for you, then start again."),
    ):
        if pattern.search(text):
            return what, remedy
    missing = _NO_FILE.search(text)
    if missing:
        return (
            f"There is no file of {missing[1]} for this system and Python.",
            "Use Python 3.11, 3.12 or 3.13 of a 64-bit system (remove .venv first).",
        )
    return last_words(lines), "Read the log, then start again."


def last_words(lines: Sequence[str]) -> str:
    """The line that says most: the last error, else the last line."""
    told = [line.strip() for line in lines if not _NOISE.search(line)]
    errors = [line for line in told if line.lower().startswith(("error", "fatal"))]
    return (errors or told or ["It ended without a word."])[-1][:300]
