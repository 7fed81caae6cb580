"""Runs the product's own front end and Silero over a mix: what the learned detector will see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime

from assistant.audio.front_end import FRAME, RATE, FrontEnd
from assistant.lab.train.clips import HOP
from assistant.lab.train.mixes import Mix
from assistant.settings.sections import Settings
from assistant.speech.head_features import SIZE, EchoView
from assistant.speech.silero import silero_path

Floats = npt.NDArray[np.float32]

STATE = 128
CONTEXT = 64
"""Samples of the frame before that Silero is given with each frame."""
INPUTS = STATE + 1 + SIZE
MOST_LOG_ODDS = 8.0
IS_VOICE = 0.3
"""A frame is the user's if the voice sounds in this share of it."""
QUICK_FRAMES = 14
"""450 ms after the onset: the frames that decide how soon. The first QUICKEST_FRAMES of them most."""
QUICKEST_FRAMES = 5
QUICKEST, QUICK = 6.5, 4.0
"""How much more those frames count than others."""
THROUGH_ECHO = 3.0
"""How much more a voice counts that speaks through our own. Without it the network learns that on a loudspeaker a sound
is seldom a voice, and is surer of the same voice on headphones: one threshold would not serve both."""


class Crowd:
    """Silero on many streams at once, in step: several times quicker than one after the other."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(silero_path()), options, providers=["CPUExecutionProvider"])

    def hear(self, streams: Floats) -> Floats:
        """streams: (streams, frames, 512) float32. Returns (streams, frames, STATE + 1): its memory, its log-odds."""
        count, frames, _ = streams.shape
        memory = np.zeros((2, count, STATE), np.float32)
        window = np.zeros((count, CONTEXT + FRAME), np.float32)
        out = np.empty((count, frames, STATE + 1), np.float32)
        rate = np.array(RATE, np.int64)
        for at in range(frames):
            window[:, CONTEXT:] = streams[:, at]
            p, memory = self._session.run(None, {"input": window, "state": memory, "sr": rate})
            p = np.clip(p[:, 0], 1e-6, 1 - 1e-6)
            out[:, at, :STATE] = memory[0]
            out[:, at, STATE] = np.clip(np.log(p / (1 - p)), -MOST_LOG_ODDS, MOST_LOG_ODDS)
            window[:, :CONTEXT] = window[:, -CONTEXT:]
        return out


class Listener:
    """One stream through the front end and the views, frame by frame."""

    def __init__(self, settings: Settings) -> None:
        self._front_end = FrontEnd(RATE, settings)
        self._view = EchoView()

    def hear(self, near: Floats, far: Floats) -> tuple[Floats, Floats]:
        """near, far: (512,) float32. Returns what Silero is given, (512,) float32, and the views, (SIZE,)."""
        (frame,) = self._front_end.push(near, far)
        view = self._view.update(near, far, frame.residual, near - frame.residual, frame.uncertainty)
        return frame.audio, view


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
    audio = np.empty((len(mixes), frames, FRAME), np.float32)
    views = np.empty((len(mixes), frames, SIZE), np.float32)
    for number, mix in enumerate(mixes):
        listener = Listener(settings)
        for at in range(frames):
            span = slice(at * FRAME, (at + 1) * FRAME)
            audio[number, at], views[number, at] = listener.hear(mix.near[span], mix.far[span])
    inputs = np.concatenate([crowd.hear(audio), views], axis=2).astype(np.float16)
    made = []
    for heard, mix in zip(inputs, mixes, strict=True):
        shares = _shares(mix.voice, frames)
        made.append(
            Example(heard, (shares > IS_VOICE).astype(np.float32), _weights(shares, mix.on_loudspeaker), mix.fold)
        )
    return made


def _shares(voice: npt.NDArray[np.bool_], frames: int) -> Floats:
    """Share of each frame in which the voice sounds."""
    samples = np.repeat(voice, HOP).astype(np.float32)
    samples = np.pad(samples, (0, max(0, frames * FRAME - len(samples))))[: frames * FRAME]
    return np.asarray(samples.reshape(frames, FRAME).mean(1), np.float32)


def _weights(shares: Floats, on_loudspeaker: bool) -> Floats:
    """Frames that decide how soon count most; half voiced ones, and those after a voice, little."""
    weights = np.ones(len(shares), np.float32)
    voiced = shares > IS_VOICE
    since_onset = since_end = 10**6
    for at, is_voice in enumerate(voiced):
        since_onset = since_onset + 1 if is_voice else -1
        since_end = 0 if is_voice else since_end + 1
        if is_voice and 1 <= since_onset <= QUICK_FRAMES:
            weights[at] = QUICKEST if since_onset <= QUICKEST_FRAMES else QUICK
        elif 0 < shares[at] < 0.7:
            weights[at] = 0.3
        elif 0 < since_end <= 4:
            weights[at] = 0.2
    if on_loudspeaker:
        weights[voiced] *= THROUGH_ECHO
    return weights
