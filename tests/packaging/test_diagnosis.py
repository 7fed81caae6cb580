"""What pip says, and what a person is told."""

from __future__ import annotations

import pytest
from bootstrap.diagnosis import diagnose


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3"
            "...>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'",
            "The package index could not be reached.",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "A downloaded file is not the one that was locked.",
        ),
        ("  No CMAKE_CXX_COMPILER could be found.", "There is no working C++ compiler."),
        ("c++: fatal error: Killed signal terminated program cc1plus", "The machine ran out of memory."),
        ("ERROR: Could not install packages: [Errno 13] Permission denied: '/x'", "A file could not be written."),
        (
            "ERROR: No matching distribution found for onnxruntime==1.32.0",
            "There is no file of onnxruntime==1.32.0 for this system and Python.",
        ),
    ],
)
def test_a_known_failure_is_named_with_a_remedy(line: str, what: str) -> None:
    told, remedy = diagnose(["Collecting numpy", line, ""])
    assert told == what
    assert remedy.endswith(".")


def test_an_offline_machine_is_not_told_that_its_python_is_wrong() -> None:
    told, _ = diagnose(
        [
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)': /simple/numpy/",
            "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6 (from versions: none)",
            "ERROR: No matching distribution found for numpy==2.4.6",
        ]
    )
    assert told == "The package index could not be reached."


def test_an_unknown_failure_shows_the_last_error() -> None:
    told, remedy = diagnose(["ERROR: the gearbox is jammed", "  hint: See above for output", "WARNING: noise", ""])
    assert told == "ERROR: the gearbox is jammed"
    assert "log" in remedy


def test_silence_is_said_too() -> None:
    assert diagnose([])[0] == "It ended without a word."
