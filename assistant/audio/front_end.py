"""From the stream's blocks to the frames that the detector and the core see: decimate, cancel the echo, measure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.settings.sections import FRAME_MS, Echo, Settings
from assistant.signal.decimate import FACTOR, Decimator
from assistant.signal.echo_canceller import BINS, EchoCanceller, NoCanceller
from assistant.signal.echo_filter import LinearEchoFilter
from assistant.signal.history import History
from assistant.signal.levels import SILENCE_DBFS, NoiseFloor, power_dbfs
from assistant.signal.onset import OnsetFinder
from assistant.signal.presence import EchoPath, EchoPresence
from assistant.signal.residual import ResidualEcho, Sounding
from assistant.signal.spectra import FAR, NEAR, RESIDUAL, ROWS, Spectra, SpectrumAnalyser

Floats = npt.NDArray[np.float32]

RATE = 16_000
FRAME = RATE * FRAME_MS // 1000
WINDOW = 2 * FRAME
"""What is judged of a frame: it and the one before."""
HISTORY_S = 90.0
LOUDEST = 4.0
"""Float streams may go 12 dB over full scale; what is louder is no sound."""


class FrontFrame(NamedTuple):
    """One frame of 16 ms at 16 kHz, heard together with the one before: the sounds are windows of 32 ms.

    end_sample: the 16 kHz sample after its last one, counted from the stream's beginning.
    audio: (512,) float32, the microphone without the echo; raw: with it; far: what the loudspeaker played meanwhile.
    is_cancelled: audio is the residual; otherwise there is nothing to cancel, and it is the microphone as it is.
    spectra: of microphone, loudspeaker, what the canceller left, whether that helps or not, and the echo it took out.
    uncertainty: the canceller's own, by bin. is_path_new: the way of the echo is another one from here on.
    is_echo_misplaced: `audio` may be the echo in another place than it was expected.
    near_dbfs: level of `audio`. noise_dbfs: the room's floor. echo_dbfs: how much of `audio` may still be echo,
    SILENCE_DBFS where none is expected. far_dbfs: level of `far`. rise_sample: where the sound in `audio` began.
    """

    end_sample: int
    audio: Floats
    is_cancelled: bool
    raw: Floats
    far: Floats
    spectra: Spectra
    uncertainty: Floats
    is_path_new: bool
    is_echo_misplaced: bool
    near_dbfs: float
    noise_dbfs: float
    echo_dbfs: float
    far_dbfs: float
    rise_sample: int


class FrontEnd:
    """Takes blocks of any length, gives whole frames. Owned by the turn thread."""

    def __init__(self, rate: int, settings: Settings) -> None:
        """rate: 48_000 or 16_000, of both near and far. Raises ValueError for another one."""
        if rate not in (RATE, RATE * FACTOR):
            raise ValueError(f"the front end takes 48000 or 16000 samples a second, not {rate}: resample before it")
        self._decimators = (Decimator(), Decimator()) if rate != RATE else None
        self._pending = np.zeros((2, FRAME * rate // RATE), np.float32)
        self._filled = 0
        self._noise = NoiseFloor(FRAME_MS / 1000)
        self._onset = OnsetFinder()
        self._history = History(int(HISTORY_S * RATE))
        self._echo = settings.echo
        self._canceller = _canceller(self._echo)
        self._residual_echo = ResidualEcho()
        self._analyse = SpectrumAnalyser()
        self._windows = np.zeros((ROWS, WINDOW), np.float32)
        self._uncertainty = np.zeros(BINS, np.float32)
        self._presence = EchoPresence(self._echo.path)

    def push(self, near: Floats, far: Floats) -> list[FrontFrame]:
        """near, far: (n,) float32 mono at the front end's rate, of the same moment, any n. Returns the frames they end.

        Raises ValueError if they differ in length.
        """
        if near.shape != far.shape or near.ndim != 1:
            raise ValueError(f"near {near.shape} and far {far.shape} must be mono blocks of the same length")
        frames = []
        taken = 0
        while taken < len(near):
            n = min(len(near) - taken, self._pending.shape[1] - self._filled)
            self._pending[0, self._filled : self._filled + n] = near[taken : taken + n]
            self._pending[1, self._filled : self._filled + n] = far[taken : taken + n]
            self._filled += n
            taken += n
            if self._filled == self._pending.shape[1]:
                self._filled = 0
                frames.append(self._frame(*self._at_16_khz()))
        return frames

    def sound_lost(self) -> None:
        """The device has lost some sound just before what is pushed next: the echo's path may jump by as much."""
        self._canceller.sound_lost()

    def change(self, settings: Settings) -> None:
        """In force from the next frame on. A canceller that was not named anew keeps what it learnt."""
        before, self._echo = self._echo, settings.echo
        self._presence.told = self._echo.path
        if _works(before) != _works(self._echo):
            self._canceller = _canceller(self._echo)
            self._residual_echo.reset()
            self._presence.reset()

    @property
    def echo_path(self) -> EchoPath:
        """Whether an echo comes back, as far as that is known now. Without a canceller nobody can tell."""
        if self._echo.path == "auto" and self._echo.canceller == "off":
            return EchoPath()
        return self._presence.path

    def reset(self) -> None:
        """After the stream was opened again: forget room and half a frame. Sample numbers go on."""
        for decimator in self._decimators or ():
            decimator.reset()
        self._filled = 0
        self._windows = np.zeros_like(self._windows)  # not in place: frames that were given hold views of it
        self._uncertainty = np.zeros_like(self._uncertainty)
        self._noise.reset()
        self._onset.reset()
        self._canceller.reset()
        self._residual_echo.reset()
        self._presence.reset()

    def audio_between(self, start: int, end: int) -> Floats:
        """The echo-free microphone from sample `start` to `end`, read-only, (at most end - start,) float32 at 16 kHz.

        What is older than HISTORY_S is missing at the front. Raises ValueError if `end` has not been heard yet.
        """
        return self._history.between(start, end)

    def _at_16_khz(self) -> tuple[Floats, Floats]:
        if not np.abs(self._pending).max() <= LOUDEST:  # a broken driver must not poison filters that remember
            np.nan_to_num(self._pending, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
            np.clip(self._pending, -LOUDEST, LOUDEST, out=self._pending)
        near, far = self._pending
        if self._decimators is None:
            return near.copy(), far.copy()
        return self._decimators[0].process(near), self._decimators[1].process(far)

    def _frame(self, newest_near: Floats, newest_far: Floats) -> FrontFrame:
        estimate = self._canceller.process(newest_near, newest_far)
        uncertainty = (self._uncertainty + estimate.uncertainty) * np.float32(0.5)
        self._uncertainty = estimate.uncertainty
        windows = np.empty_like(self._windows)
        windows[:, :FRAME] = self._windows[:, FRAME:]
        for row, newest in enumerate((newest_near, newest_far, estimate.residual, estimate.echo)):
            windows[row, FRAME:] = newest
        self._windows = windows
        spectra = self._analyse(windows)
        powers = (np.einsum("ij,ij->i", windows, windows) / WINDOW).tolist()
        near, far, residual, echo = map(Sounding, powers, spectra.bands)
        if estimate.is_path_new:
            self._residual_echo.reset()
            self._presence.begin_anew()
        if self._residual_echo.is_playing:
            self._presence.update(power_dbfs(near.power) - power_dbfs(residual.power))
        is_cancelled = self._presence.is_worth_cancelling
        heard = residual if is_cancelled else near
        audio = windows[RESIDUAL if is_cancelled else NEAR]
        echo_dbfs = self._residual_echo.update(near, far, heard, echo)
        if not self._presence.is_possible:
            echo_dbfs = SILENCE_DBFS
        self._history.append(audio[-FRAME:])
        near_dbfs = power_dbfs(heard.power)
        noise_dbfs = self._noise.update(near_dbfs)
        return FrontFrame(
            end_sample=self._history.end,
            audio=audio,
            is_cancelled=is_cancelled,
            raw=windows[NEAR],
            far=windows[FAR],
            spectra=spectra,
            uncertainty=uncertainty,
            is_path_new=estimate.is_path_new,
            is_echo_misplaced=estimate.is_misplaced and is_cancelled,
            near_dbfs=near_dbfs,
            noise_dbfs=noise_dbfs,
            echo_dbfs=echo_dbfs,
            far_dbfs=power_dbfs(far.power),
            rise_sample=self._onset.update(audio[-FRAME:], self._history.end, max(noise_dbfs, echo_dbfs)),
        )


def _works(echo: Echo) -> bool:
    """Whether there is anything to cancel: on headphones the canceller rests."""
    return echo.canceller == "linear" and echo.path != "headphones"


def _canceller(echo: Echo) -> EchoCanceller:
    return LinearEchoFilter() if _works(echo) else NoCanceller()
