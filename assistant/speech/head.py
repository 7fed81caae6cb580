"""The learned detector: a small network on Silero's memory and on what is known of the echo.

Weights and their history: resources/detector/. They are made by `python -m assistant.lab.train`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.settings.paths import resource
from assistant.signal.levels import SILENCE_DBFS
from assistant.signal.spectra import Spectra
from assistant.signal.suppressor import Suppressor
from assistant.speech.head_features import SIZE, EchoView
from assistant.speech.onnx_session import Bound, open_session
from assistant.speech.silero import SileroVad

Floats = npt.NDArray[np.float32]

STATE = 128
"""Of Silero's memory: the output of its LSTM."""
INPUTS = STATE + 1 + SIZE
MOST_LOG_ODDS = 8.0
"""Where Silero's opinion and the network's are cut: beyond it neither was ever measured."""
SILERO_SHARE = 0.57
SILERO_SHARE_OVER_ECHO = 0.4
SILERO_MOST = 4.0
"""What is said in the end is a mean of the network's log-odds and Silero's own, cut at ±SILERO_MOST: where the network
has heard too few noises of a kind, Silero, which heard many more, keeps it from being too sure. Of Interject's own echo
Silero knows nothing, so there its share is less."""


class HeadMissing(RuntimeError):
    """The network is not on disk or is not one of ours. The text says what to do."""


class Sounds(Protocol):
    """A frame and the one before as the front end took them apart, mono 16 kHz."""

    @property
    def audio(self) -> Floats:
        """(512,) float32, what the decision listens to: the residual, or the microphone while the canceller has nothing
        to take."""

    @property
    def is_cancelled(self) -> bool:
        """Whether `audio` is the residual."""

    @property
    def spectra(self) -> Spectra:
        """Of the microphone, what the loudspeaker was given, what the canceller left and what it took out."""

    @property
    def uncertainty(self) -> Floats:
        """(257,) power that the canceller expects to have left, by bin of its own spectra; zeros where it rests."""

    @property
    def echo_dbfs(self) -> float:
        """How much of `audio` may still be echo; SILENCE_DBFS where none is expected."""

    @property
    def is_path_new(self) -> bool:
        """The way of the echo is another one from here on."""

    @property
    def is_echo_misplaced(self) -> bool:
        """What the canceller left may be our own echo in another place than it was expected."""


class Head:
    """The network alone, frame by frame. Owned by the turn thread."""

    def __init__(self, path: Path | None = None) -> None:
        """path: of the ONNX file; None takes the shipped one. Raises HeadMissing."""
        path = path or resource("detector/detector.onnx")
        try:
            session = open_session(path)
        except Exception as error:
            raise HeadMissing(f"{path} cannot be read ({error}). Install Interject again.") from error
        shapes = {each.name: each.shape for each in (*session.get_inputs(), *session.get_outputs())}
        memory = shapes.get("memory", [])
        if shapes != {"inputs": [1, INPUTS], "memory": memory, "logit": [1, 1], "next_memory": memory}:
            raise HeadMissing(f"{path} is another network: {shapes}. Train one with assistant.lab.train.")
        self._inputs = np.zeros((1, INPUTS), np.float32)
        self._memory, self._next_memory = np.zeros((2, *memory), np.float32)
        self._logit = np.zeros((1, 1), np.float32)
        self._network = Bound(
            session,
            {"inputs": self._inputs, "memory": self._memory},
            {"logit": self._logit, "next_memory": self._next_memory},
        )

    def __call__(self, inputs: Floats) -> float:
        """inputs: (INPUTS,) float32: Silero's memory, its log-odds, the views. Returns the network's log-odds."""
        self._inputs[0] = inputs
        self._network.run()
        self._memory[...] = self._next_memory
        return float(self._logit[0, 0])

    def reset(self) -> None:
        """Forget the stream so far."""
        self._memory.fill(0)


class RememberingSilero(SileroVad):
    """Silero that shows what it remembers."""

    @property
    def memory(self) -> Floats:
        """(128,) float32, the output of its LSTM after the last frame. Overwritten by the next one."""
        memory: Floats = self._state[0, 0]
        return memory


class Hearing:
    """What of a frame is for Silero, and what is known of the echo in it. Owned by the turn thread.

    The views take windows that do not overlap, so two of them take turns.
    """

    def __init__(self) -> None:
        self._view, self._view_next = EchoView(), EchoView()
        self._suppressor = Suppressor()

    def __call__(self, sounds: Sounds) -> tuple[Floats, Floats]:
        """Returns the audio with what is left of the echo turned down, (512,) float32, and the views, (SIZE,)."""
        self._view, self._view_next = self._view_next, self._view
        if sounds.is_path_new:
            self._view.reset()
            self._view_next.reset()
        views = self._view.update(sounds.spectra, sounds.uncertainty)
        return self._suppressor.apply(sounds.audio, self._view.gains if sounds.is_cancelled else None), views

    def reset(self) -> None:
        """Forget the stream so far."""
        self._view.reset()
        self._view_next.reset()
        self._suppressor.reset()


class LearnedDetector:
    """Tells how likely a frame is the user's voice. Owned by the turn thread.

    Silero takes windows that do not overlap, so two of it take turns; the network hears both.
    """

    name = "Learned detector"

    def __init__(self, head: Head | None = None) -> None:
        """Raises VadMissing and HeadMissing."""
        self._silero, self._silero_next = RememberingSilero(), RememberingSilero()
        self._hearing = Hearing()
        self._head = head or Head()
        self._inputs = np.zeros(INPUTS, np.float32)

    def __call__(self, sounds: Sounds) -> float:
        """Returns 0..1; its log-odds are evidence that may be added up frame by frame. Raises ValueError as Silero.

        Never more than 0.5 of what may be misplaced echo: that sounds like a user, and is no evidence of one.
        """
        own = self._head(self.inputs(sounds))
        silero = min(max(float(self._inputs[STATE]), -SILERO_MOST), SILERO_MOST)
        share = SILERO_SHARE_OVER_ECHO if sounds.echo_dbfs > SILENCE_DBFS else SILERO_SHARE
        log_odds = (1 - share) * own + share * silero
        if sounds.is_echo_misplaced:
            log_odds = min(0.0, log_odds)
        return 1 / (1 + math.exp(-log_odds))

    def inputs(self, sounds: Sounds) -> Floats:
        """(INPUTS,) float32, of this frame: what the network is given. Moves all but the network one frame on."""
        self._silero, self._silero_next = self._silero_next, self._silero
        audio, self._inputs[STATE + 1 :] = self._hearing(sounds)
        p = min(max(self._silero(audio), 1e-6), 1 - 1e-6)
        self._inputs[:STATE] = self._silero.memory
        self._inputs[STATE] = min(max(math.log(p / (1 - p)), -MOST_LOG_ODDS), MOST_LOG_ODDS)
        return self._inputs

    def reset(self) -> None:
        """Forget the stream so far."""
        for each in (self._head, self._silero, self._silero_next, self._hearing):
            each.reset()
