"""A Piper voice's network in onnxruntime sessions of its own: phoneme ids in, sound out piece by piece."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.speech.onnx_session import open_session
from assistant.speech.piper_file import PiperDescription
from assistant.speech.piper_graph import GraphUnreadable, cut
from assistant.speech.voice import VoiceFailed

MOST_THREADS = 2
FIRST_FRAMES, GROWTH, MOST_FRAMES = 24, 2, 80
"""Frames decoded at a time: 0.3 s at first, so that sound begins early; then up to 0.9 s, so that the frames decoded
twice stay few. A reply that nobody wants any more costs one such piece, less than 0.1 s of one core."""
_OVERLAP = 16
"""Frames decoded on either side and thrown away. Piper's decoders see 14 (x_low to medium: kernels 3, 5, 7)."""
_OVERLAP_OF_HIGH = 24  # kernels up to 11
_SAME = 1e-3
_READ = frozenset({"input", "scales"})
_KNOWN = _READ | {"input_lengths", "sid"}


@dataclass(frozen=True, slots=True)
class Rendering:
    """lengths: (n,) int64, samples each id lasts, None where the voice does not tell. pieces: the sound, once."""

    lengths: npt.NDArray[np.int64] | None
    pieces: Iterator[npt.NDArray[np.float32]]


class PiperModel:
    """One voice's sessions. Owned by the speaking thread; onnxruntime frees the interpreter while it computes."""

    def __init__(self, path: Path, described: PiperDescription) -> None:
        """Raises VoiceFailed for a file that is no Piper voice, is cut short, or does not fit its description."""
        self._path = path
        self._described = described
        self._latents = ""
        self._encoder: Any
        self._decoder: Any = None
        self._samples_a_frame = 0
        self._overlap = 0
        try:
            self._load_cut()
        except (VoiceFailed, OSError):
            # A graph that is put together in another way than it seems, or no room for its halves: whole, it may speak.
            self._decoder = None
            self._encoder = _session(path, path)
        self._check_inputs()

    @property
    def streams(self) -> bool:
        """Whether a sentence's sound comes in pieces, its lengths known before it: else it has to be waited for."""
        return self._overlap > 0 and len(self._encoder.get_outputs()) > 1

    def render(self, ids: list[int], length_scale: float, speaker: int) -> Rendering:
        """ids: of one run of phonemes, with beginning, end and padding. Raises VoiceFailed, also from the pieces."""
        first, *others = self._run(self._encoder, self._feed(ids, length_scale, speaker))
        frames = others[0].ravel() if others and others[0].size == len(ids) else None
        if self._decoder is None:
            sound = _sound(first)
            lengths = None if frames is None else _spread(frames, len(sound))
            return Rendering(lengths, iter((sound,)))
        lengths = None if frames is None else (frames * self._samples_a_frame).astype(np.int64)
        return Rendering(lengths, self._decoded(first, speaker))

    def rehearse(self, ids: list[int], length_scale: float, speaker: int) -> npt.NDArray[np.float32]:
        """Speak once before anybody listens: the first run is the slowest, and shows whether pieces may be decoded."""
        first, *_ = self._run(self._encoder, self._feed(ids, length_scale, speaker))
        if self._decoder is None:
            return _sound(first)
        frames = first.shape[-1]
        whole = self._decode(first, speaker)
        self._samples_a_frame = len(whole) // frames
        self._overlap = 0
        for overlap in (_OVERLAP, _OVERLAP_OF_HIGH):
            step, begin = self._samples_a_frame, 2 * overlap
            if frames < begin + overlap + 8 or len(whole) % frames:
                break
            piece = self._decode(first[:, :, begin - overlap : begin + 8 + overlap], speaker)[overlap * step :]
            off = np.abs(piece[: 8 * step] - whole[begin * step : (begin + 8) * step]).max()
            if off <= _SAME * np.abs(whole).max():
                self._overlap = overlap
                break
        return whole

    def _load_cut(self) -> None:
        with self._path.open("rb") as file, tempfile.TemporaryDirectory(prefix="interject-voice-") as folder:
            try:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except (ValueError, OSError) as error:
                raise _refused(self._path, error) from error
            halves = (Path(folder) / "encoder.onnx", Path(folder) / "decoder.onnx")
            try:
                voice = cut(memoryview(mapped))
                voice.encoder.write(halves[0])
                if voice.decoder is not None:
                    voice.decoder.write(halves[1])
            except GraphUnreadable as error:
                raise _refused(self._path, error) from error
            self._latents = voice.latents
            self._encoder = _session(halves[0], self._path)
            self._decoder = _session(halves[1], self._path) if voice.decoder is not None else None

    def _check_inputs(self) -> None:
        names = {each.name for each in self._encoder.get_inputs()}
        if not _READ <= names <= _KNOWN:
            raise VoiceFailed(
                f"{self._path} is not a Piper voice: it takes {', '.join(sorted(names)) or 'nothing'}. "
                "Choose another one in Settings, under Voice."
            )
        sides = [self._encoder] + ([self._decoder] if self._decoder is not None else [])
        has_speakers = any(each.name == "sid" for side in sides for each in side.get_inputs())
        if self._described.speakers > 1 and not has_speakers:
            raise VoiceFailed(
                f"{self._path.name} speaks with one voice, but the .json beside it names {self._described.speakers}: "
                "they do not belong together. Download the voice anew."
            )

    def _feed(self, ids: list[int], length_scale: float, speaker: int) -> dict[str, npt.NDArray[Any]]:
        scales = (self._described.noise_scale, length_scale, self._described.noise_width)
        return {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
            "sid": np.array([speaker], np.int64),
        }

    def _decoded(self, latents: npt.NDArray[np.float32], speaker: int) -> Iterator[npt.NDArray[np.float32]]:
        if not self._overlap:
            yield self._decode(latents, speaker)
            return
        at, count, step = 0, FIRST_FRAMES, self._samples_a_frame
        while at < latents.shape[-1]:
            end = min(latents.shape[-1], at + count)
            begin = max(0, at - self._overlap)
            piece = self._decode(latents[:, :, begin : end + self._overlap], speaker)
            yield piece[(at - begin) * step : (end - begin) * step]
            at, count = end, min(MOST_FRAMES, count * GROWTH)

    def _decode(self, latents: npt.NDArray[np.float32], speaker: int) -> npt.NDArray[np.float32]:
        return _sound(self._run(self._decoder, {self._latents: latents, "sid": np.array([speaker], np.int64)})[0])

    def _run(self, session: Any, feed: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        wanted = {each.name: feed[each.name] for each in session.get_inputs()}
        try:
            made: list[npt.NDArray[Any]] = session.run(None, wanted)
        except Exception as error:  # onnxruntime's errors have no common base but this one
            raise VoiceFailed(
                f"The voice {self._path.name} failed while it spoke ({_first_line(error)}). Download it anew."
            ) from error
        return made


def _session(file: Path, voice: Path) -> Any:
    try:
        return open_session(file, min(MOST_THREADS, max(1, (os.cpu_count() or 1) - 1)), severity=4)
    except Exception as error:  # as in _run
        raise _refused(voice, error) from error


def _refused(path: Path, error: Exception) -> VoiceFailed:
    return VoiceFailed(f"{path} cannot be read as a Piper voice ({_first_line(error)}). Download it anew.")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _sound(output: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    sound: npt.NDArray[np.float32] = output.ravel().astype(np.float32)
    return np.nan_to_num(sound, copy=False, posinf=0.0, neginf=0.0)


def _spread(frames: npt.NDArray[Any], samples: int) -> npt.NDArray[np.int64]:
    """Frames of each id as samples, where only the sum of both is known."""
    ends = np.cumsum(frames, dtype=np.float64)
    if not len(ends) or ends[-1] <= 0:
        return np.zeros(len(ends), np.int64)
    lengths: npt.NDArray[np.int64] = np.diff(np.rint(ends * samples / ends[-1]), prepend=0).astype(np.int64)
    return lengths
