"""A whole conversation, and not one socket to the network: where there is none, and traced."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONVERSATION = [sys.executable, "-m", "tests.workers.whole_conversation"]
NO_NETWORK = ["unshare", "--user", "--map-root-user", "--net"]


SWITCHES = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "GITHUB_ACTIONS", "TF_BUILD")
"""What keeps onnxruntime from telling its makers what it runs; a person's computer has none of them set."""
LOADED = "import time, assistant.speech.silero as silero; silero.SileroVad(); time.sleep(8)"
"""Long enough for it to have begun."""


def on_a_computer_of_a_person(folder: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    return {**plain, "QT_QPA_PLATFORM": "offscreen", "INTERJECT_HOME": str(folder / "home"), "HOME": str(folder)}


def converse(folder: Path, *before: str) -> str:
    environment = on_a_computer_of_a_person(folder)
    command = [*before, *CONVERSATION, str(folder)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs Linux's unshare")
def test_it_talks_where_there_is_no_network(tmp_path: Path) -> None:
    if subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody leave the network")
    assert converse(tmp_path, *NO_NETWORK).strip() == "tell me more | Ships come in, and boats go out again. | []"


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace: apt install strace")
def test_it_opens_no_socket_to_a_network(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    converse(tmp_path, "strace", "-f", "-qq", "-e", "trace=socket", "-o", str(trace))
    opened = [line for line in trace.read_text().splitlines() if "AF_INET" in line or "AF_NETLINK" in line]
    assert opened == []


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace: apt install strace")
def test_what_runs_the_networks_tells_nobody_and_leaves_no_identifier(tmp_path: Path) -> None:
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    command = ["strace", "-f", "-qq", "-e", "trace=socket", "-o", str(trace), sys.executable, "-c", LOADED]
    environment = on_a_computer_of_a_person(home)
    subprocess.run(command, cwd=ROOT, env=environment, timeout=120, check=True)
    assert [line for line in trace.read_text().splitlines() if "AF_INET" in line] == []
    assert [path for path in home.rglob("*") if "onnxruntime" in path.name] == []
