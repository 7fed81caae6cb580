"""Silero's voice activity detector: one frame in, the probability of speech out."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.speech.onnx_session import Bound, open_session

VAD_RATE = 16_000
VAD_FRAME = 512
"""Samples of a frame: 32 ms, the model's only frame at this rate."""

_CONTEXT = 64  # samples of the frame before, put in front of each frame (OnnxWrapper in silero-vad's utils_vad.py)
_STATE = (2, 1, 128)
ONE_STREAM = "silero_vad_openvino_16k.onnx"
"""Exported for OpenVINO, with shapes and rate fixed: the same numbers as the next, in a fifth less time."""
MANY_STREAMS = "silero_vad.onnx"


class VadMissing(RuntimeError):
    """The detector's model is not on disk or cannot be read. The text says what to do."""


def silero_path(file: str = ONE_STREAM) -> Path:
    """A model file inside the installed silero-vad, found without importing it or torch. Raises VadMissing."""
    package = importlib.util.find_spec("silero_vad")
    if package is None or package.origin is None:
        raise VadMissing("The speech detector is not installed. Run: pip install silero-vad")
    path = Path(package.origin).parent / "data" / file
    if not path.is_file():
        raise VadMissing(f"{path} is missing. Run: pip install --force-reinstall --no-deps silero-vad")
    return path


@cache
def _network(path: Path) -> Any:
    """It keeps no memory between frames, so all detectors share it. Raises VadMissing."""
    try:
        return open_session(path)
    except Exception as error:
        raise VadMissing(
            f"{path} cannot be read ({error}). Run: pip install --force-reinstall --no-deps silero-vad"
        ) from error


class SileroVad:
    """One detector with its memory of the stream so far. Owned by the turn thread."""

    def __init__(self, path: Path | None = None) -> None:
        """path: of a model for one stream; None takes the installed one. Raises VadMissing."""
        self._input = np.zeros((1, _CONTEXT + VAD_FRAME), np.float32)
        self._state, self._next_state = np.zeros((2, *_STATE), np.float32)
        self._probability = np.zeros((1, 1), np.float32)
        self._network = Bound(
            _network(path or silero_path()),
            {"input": self._input, "state": self._state},
            {"output": self._probability, "stateN": self._next_state},
        )

    def __call__(self, frame: npt.NDArray[np.float32]) -> float:
        """Probability that somebody speaks, 0 to 1. frame: (512,) float32, mono 16 kHz, ±1.0; frames come in order.

        Raises ValueError for any other shape.
        """
        if frame.shape != (VAD_FRAME,):
            raise ValueError(f"a frame is ({VAD_FRAME},) samples at 16 kHz, not {frame.shape}")
        self._input[0, _CONTEXT:] = frame
        self._network.run()
        self._state[...] = self._next_state
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        return float(self._probability[0, 0])

    def reset(self) -> None:
        """Forget the stream so far."""
        self._input.fill(0)
        self._state.fill(0)
