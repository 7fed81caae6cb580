"""Runs the product's own front end and Silero over a mix: what the learned detector will see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.front_end import FRAME, RATE, WINDOW, FrontEnd
from assistant.lab.train.clips import HOP
from assistant.lab.train.mixes import Mix
from assistant.settings.sections import Settings
from assistant.speech.head import MOST_LOG_ODDS, STATE, Hearing
from assistant.speech.head_features import SIZE
from assistant.speech.onnx_session import open_session
from assistant.speech.silero import MANY_STREAMS, silero_path

Floats = npt.NDArray[np.float32]

CONTEXT = 64
"""Samples of the frame before that Silero is given with each frame."""
IS_VOICE = 0.3
"""A frame is the user's if the voice sounds in this share of it."""
QUICK_FRAMES = 28
"""450 ms after the onset: the frames that decide how soon. Those up to QUICKEST_FRAMES most."""
QUICKEST_FRAMES = 10
FIRST_FRAMES, LAST_FRAMES = 2, 8
"""The onset itself is not asked to be noticed; so long after a voice nothing is asked at all."""
QUICKEST, QUICK = 6.5, 4.0
"""How much more those frames count than others."""
THROUGH_ECHO = 3.0
"""How much more a voice counts that speaks through our own. Without it the network learns that on a loudspeaker a sound
is seldom a voice, and is surer of the same voice on headphones: one threshold would not serve both."""


class Crowd:
    """Silero on many streams at once, in step: several times quicker than one after the other."""

    def __init__(self) -> None:
        self._session = open_session(silero_path(MANY_STREAMS))

    def hear(self, streams: Floats) -> Floats:
        """streams: (streams, frames, 512) float32, a window a frame: every other one is the same Silero's, as in use.

        Returns (streams, frames, STATE + 1): its memory, its log-odds.
        """
        out = np.empty((*streams.shape[:2], STATE + 1), np.float32)
        for turn in range(2):
            self._hear(streams[:, turn::2], out[:, turn::2])
        return out

    def _hear(self, windows: Floats, out: Floats) -> None:
        count = len(windows)
        memory = np.zeros((2, count, STATE), np.float32)
        heard = np.zeros((count, CONTEXT + WINDOW), np.float32)
        rate = np.array(RATE, np.int64)
        for at in range(windows.shape[1]):
            heard[:, CONTEXT:] = windows[:, at]
            p, memory = self._session.run(None, {"input": heard, "state": memory, "sr": rate})
            p = np.clip(p[:, 0], 1e-6, 1 - 1e-6)
            out[:, at, :STATE] = memory[0]
            out[:, at, STATE] = np.clip(np.log(p / (1 - p)), -MOST_LOG_ODDS, MOST_LOG_ODDS)
            heard[:, :CONTEXT] = heard[:, -CONTEXT:]


@dataclass(frozen=True, slots=True)
class Example:
    """inputs: (frames, INPUTS) float16. is_voice: (frames,) 0 or 1. weight: (frames,) float32. fold: of its clips."""

    inputs: npt.NDArray[np.float16]
    is_voice: Floats
    weight: Floats
    fold: int


def examples(mixes: Sequence[Mix], settings: Settings, crowd: Crowd) -> list[Example]:
    """The mixes, all of one length, as the detector sees them, and what it should say."""
    frames = len(mixes[0].near) // FRAME
    audio = np.empty((len(mixes), frames, WINDOW), np.float32)
    views = np.empty((len(mixes), frames, SIZE), np.float32)
    for number, mix in enumerate(mixes):
        front_end, hearing = FrontEnd(RATE, settings), Hearing()
        for at, frame in enumerate(front_end.push(mix.near, mix.far)):
            audio[number, at], views[number, at] = hearing(frame)
    inputs = np.concatenate([crowd.hear(audio), views], axis=2).astype(np.float16)
    made = []
    for heard, mix in zip(inputs, mixes, strict=True):
        shares = _shares(mix.voice, frames)
        made.append(
            Example(heard, (shares > IS_VOICE).astype(np.float32), _weights(shares, mix.on_loudspeaker), mix.fold)
        )
    return made


def _shares(voice: npt.NDArray[np.bool_], frames: int) -> Floats:
    """Share of each frame's window in which the voice sounds."""
    samples = np.repeat(voice, HOP).astype(np.float32)
    samples = np.pad(samples, (0, max(0, frames * FRAME - len(samples))))[: frames * FRAME]
    newest = samples.reshape(frames, FRAME).mean(1)
    return np.asarray((newest + np.concatenate([[0], newest[:-1]])) / 2, np.float32)


def _weights(shares: Floats, on_loudspeaker: bool) -> Floats:
    """Frames that decide how soon count most; half voiced ones, and those after a voice, little."""
    weights = np.ones(len(shares), np.float32)
    voiced = shares > IS_VOICE
    since_onset = since_end = 10**6
    for at, is_voice in enumerate(voiced):
        since_onset = since_onset + 1 if is_voice else -1
        since_end = 0 if is_voice else since_end + 1
        if is_voice and FIRST_FRAMES <= since_onset <= QUICK_FRAMES:
            weights[at] = QUICKEST if since_onset <= QUICKEST_FRAMES else QUICK
        elif 0 < shares[at] < 0.7:
            weights[at] = 0.3
        elif 0 < since_end <= LAST_FRAMES:
            weights[at] = 0.2
    if on_loudspeaker:
        weights[voiced] *= THROUGH_ECHO
    return weights
