"""How every network runs in onnxruntime here: on few threads that never spin, and silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_session(path: Path, threads: int = 1, severity: int = 3) -> Any:
    """An onnxruntime.InferenceSession. severity: from which one on it logs, 3 errors, 4 only what is fatal.

    Raises what onnxruntime raises for a file it cannot use; its errors have no common base but Exception.
    """
    import onnxruntime  # a quarter of a second, which the window does not wait for

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A pool that spins takes a core from the audio callback and from the language model.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = severity
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
