"""How every network runs in onnxruntime here: on few threads that never spin, and silently."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[np.float32]]


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


class Bound:
    """A network that reads and writes the same arrays in every run: a small one takes a fifth less time so."""

    def __init__(self, session: Any, reads: Arrays, writes: Arrays) -> None:
        """session: of open_session, several may share it. reads, writes: contiguous arrays by the network's names.

        Raises ValueError for one that is not.
        """
        self._arrays = (reads, writes)  # the network is given bare addresses: they must live as long
        self._binding = session.io_binding()
        self._session = session
        for bind, arrays in ((self._binding.bind_input, reads), (self._binding.bind_output, writes)):
            for name, array in arrays.items():
                if not array.flags.c_contiguous:
                    raise ValueError(f"{name} is not contiguous: the network would read or write elsewhere")
                bind(name, "cpu", 0, np.float32, array.shape, array.ctypes.data)

    def run(self) -> None:
        """One step: what is in the arrays that it reads goes in, the others hold the result."""
        self._session.run_with_iobinding(self._binding)
