"""The lens's painting: five rows of one interruption on one axis of milliseconds."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from assistant.signal.trace import BIN, FRAME, RATE
from assistant.turns.evidence import frames_in
from assistant.turns.reasons import probability
from assistant.ui.live.frozen import FrozenTrace
from assistant.ui.live.lanes import EXPONENT
from assistant.ui.live.marks import TOKENS, Kind, Mark, marks_of
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

BEFORE_MS = 44
ASIDE_OPACITY = 0.35
ROWS = ((0.0, 0.245), (0.27, 0.235), (0.52, 0.135), (0.67, 0.165), (0.855, 0.145))
"""Top and height of mic, frames, playback, chain and words, as shares of the height."""


class LensPainting:
    """One painting of the lens; `end_ms` is at the right edge."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        size: tuple[int, int],
        episode: Episode,
        sound: FrozenTrace,
        end_ms: float,
    ) -> None:
        wide, high = size
        self.painter, self.theme, self.wide = painter, theme, wide
        self.episode, self.sound = episode, sound
        self.scale = wide / (BEFORE_MS + end_ms)
        self.mic, self.frames, self.playback, self.chain, self.words = (
            QRectF(0, round(top * high), wide, round(share * high)) for top, share in ROWS
        )

    def run(self, instead: Episode | None) -> None:
        self._paint_mic()
        self._paint_frames()
        self._paint_playback()
        self._paint_chain()
        self._paint_marks(instead)

    def x(self, sample: float) -> float:
        return self.x_ms((sample - self.episode.onset) * 1000 / RATE)

    def x_ms(self, ms: float) -> float:
        return (ms + BEFORE_MS) * self.scale

    def _colour(self, token: str, opacity: float = 1.0) -> QColor:
        return self.theme.color(token, opacity)

    def _paint_mic(self) -> None:
        self.painter.fillRect(self.mic, self._colour("sunken"))
        start = self.sound.start
        peaks = self.sound.near_peaks(start, self.sound.samples)
        loudest = max(0.05, float(np.abs(peaks.low).max(initial=0)), float(np.abs(peaks.high).max(initial=0)))
        middle, half = self.mic.center().y(), self.mic.height() / 2 - 1
        near, wide = self._colour("near"), max(1.0, BIN * 1000 / RATE * self.scale - 1)
        for number, (low, high) in enumerate(zip(peaks.low.tolist(), peaks.high.tolist(), strict=True)):
            x = self.x(peaks.start + number * BIN)
            if not 0 <= x < self.wide:
                continue
            up = max(0.0, high / loudest) ** EXPONENT * half
            down = max(0.0, -low / loudest) ** EXPONENT * half
            self.painter.fillRect(QRectF(x, middle - up, wide, max(1.0, up + down)), near)

    def _paint_frames(self) -> None:
        kept = self.sound.frame_slice(self.sound.start, self.sound.samples)
        deciding = self._deciding(kept.first, kept.column("p_speech").tolist())
        row = self.frames
        needed = self.episode.reason.start or (self.episode.duck_reason.start if self.episode.duck_reason else 0)
        line, words_high = round(row.bottom() - needed * row.height()), self.theme.scaled(13)
        # at the foot, or above the threshold's line where that would run through them
        words_bottom = row.bottom() if not needed or row.bottom() - line > words_high else line + 1
        self.painter.setFont(self.theme.font(11, 600))
        for number, p in enumerate(kept.column("p_speech").tolist(), kept.first):
            left, right = self.x(number * FRAME), self.x((number + 1) * FRAME)
            if right <= 0 or left >= self.wide:
                continue
            decided = number in deciding
            high = max(1.0, min(1.0, p) * row.height())
            box = QRectF(left, row.bottom() - high, right - left - 1, high)
            self.painter.fillRect(box, self._colour("vad", 1.0 if decided else ASIDE_OPACITY))
            inside = left >= -2 and right <= self.wide + 2
            if inside and self.painter.fontMetrics().horizontalAdvance("1.0") + 4 <= box.width():
                bottom = words_bottom
                if box.top() > bottom - words_high:  # it ends within the words: put them into it or on it
                    bottom = row.bottom() if p >= 0.5 else min(bottom, box.top())
                foot = QRectF(left, bottom - words_high, right - left - 1, words_high)
                self.painter.setPen(self._colour("on_vad" if decided and p >= 0.5 else "text2"))
                self.painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, probability(p))
        if needed:
            self.painter.fillRect(QRectF(0, line, self.wide, 1), self._colour("vad"))

    def _deciding(self, first: int, p_speech: list[float]) -> set[int]:
        """The newest frames before the decision that counted as speech, as many as were counted."""
        episode = self.episode
        counts = episode.reason.speech_ms or (episode.duck_reason.speech_ms if episode.duck_reason else 0)
        until = episode.decided_at if episode.reason.speech_ms else (episode.duck_at or 0)
        wanted, found = frames_in(counts), set[int]()
        for number in range(until // FRAME - 1, first - 1, -1):
            if len(found) == wanted:
                break
            if number - first < len(p_speech) and p_speech[number - first] >= episode.reason.start * 0.5:
                found.add(number)
        return found

    def _paint_playback(self) -> None:
        kept = self.sound.frame_slice(self.sound.start, self.sound.samples)
        row, painter = self.playback, self.painter
        shape = QPolygonF([QPointF(0, row.bottom())])
        gain_before = 0.0
        silent_at = self.episode.silent_at
        for number, measured in enumerate(kept.column("gain").tolist(), kept.first):
            start = number * FRAME
            gain = 0.0 if silent_at is not None and start >= silent_at else measured
            high = min(1.0, max(0.0, gain)) ** EXPONENT * row.height()
            if number == kept.first:
                shape.append(QPointF(min(0.0, self.x(start)), row.bottom() - high))
            elif gain != gain_before:  # the ramp takes about 10 ms
                before = min(1.0, max(0.0, gain_before)) ** EXPONENT * row.height()
                shape.append(QPointF(self.x(start), row.bottom() - before))
            shape.append(QPointF(self.x(start + RATE // 100), row.bottom() - high))
            shape.append(QPointF(self.x(start + FRAME), row.bottom() - high))
            gain_before = gain
        shape.append(QPointF(shape.last().x(), row.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour("far"))
        painter.setClipRect(row)
        painter.drawPolygon(shape)
        painter.setClipping(False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self.theme.font(11, 600))
        painter.setPen(self._colour("on_far"))
        if QFontMetricsF(painter.font()).horizontalAdvance("playback") + 8 < self.x(self.episode.duck_at or 0):
            painter.drawText(row.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "playback")

    def _paint_chain(self) -> None:
        self.painter.setFont(self.theme.font(11, 600))
        metrics = QFontMetricsF(self.painter.font())
        at, light = 0.0, True
        for step in self.episode.chain:
            box = QRectF(self.x_ms(at), self.chain.top(), step.ms * self.scale, self.chain.height())
            at += step.ms
            if box.width() < 1:  # a step that took no time takes no turn of the two greys
                continue
            self.painter.fillRect(box, self._colour("groove" if light else "control"))
            for words in (f"{step.name} {step.ms:.0f}", step.name, f"{step.ms:.0f}"):
                if metrics.horizontalAdvance(words) + 4 <= box.width():
                    self.painter.setPen(self._colour("text" if light else "surface"))
                    self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
                    break
            light = not light

    def _paint_marks(self, instead: Episode | None) -> None:
        taken: list[tuple[float, float]] = []
        order: list[Kind] = ["stop", "restore", "duck", "onset"]
        marks = sorted(marks_of(self.episode), key=lambda mark: order.index(mark.kind))
        for mark in marks:
            x = self._place(mark)
            if 0 <= x <= self.wide:
                self._line(x, mark.kind)
                self._word(self._told(mark.kind), x, TOKENS[mark.kind], taken)
        if instead is not None and instead.onset_to_stop_ms is not None:
            self._hollow(self.x_ms(instead.onset_to_stop_ms), f"{instead.onset_to_stop_ms:.0f} ms", taken)

    def _place(self, mark: Mark) -> float:
        """Where it was heard, latencies included, if that was measured; so the chain ends at the stop's line."""
        heard_ms = {"duck": self.episode.onset_to_duck_ms, "stop": self.episode.onset_to_stop_ms}.get(mark.kind)
        return self.x(mark.at) if heard_ms is None else self.x_ms(heard_ms)

    def _told(self, kind: Kind) -> str:
        episode = self.episode
        match kind:
            case "onset":
                return "onset"
            case "duck":
                return "" if episode.onset_to_duck_ms is None else f"{episode.onset_to_duck_ms:.0f}"
            case "stop":
                return "stop" if episode.onset_to_stop_ms is None else f"{episode.onset_to_stop_ms:.0f} ms"
            case "restore":
                return f"{(episode.decided_at - episode.onset) * 1000 / RATE:.0f} ms"

    def _line(self, x: float, kind: Kind) -> None:
        thick = {"onset": 1.0, "stop": 2.0}.get(kind, 1.5)
        bottom = self.words.top() - 1
        if kind == "onset":
            pen = QPen(self._colour("near"), 1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2, 2])
            self.painter.setPen(pen)
            self.painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, bottom))
        else:
            self.painter.fillRect(QRectF(x - thick / 2, 0, thick, bottom), self._colour(TOKENS[kind]))

    def _word(self, words: str, x: float, token: str, taken: list[tuple[float, float]]) -> None:
        self.painter.setFont(self.theme.font(11, 600))
        width = QFontMetricsF(self.painter.font()).horizontalAdvance(words) + 2
        left = min(max(0.0, x - width / 2), self.wide - width)
        if not words or any(left < end + 3 and start < left + width + 3 for start, end in taken):
            return
        taken.append((left, left + width))
        self.painter.setPen(self._colour(token))
        self.painter.drawText(QRectF(left, self.words.top(), width, self.words.height()), words)

    def _hollow(self, x: float, words: str, taken: list[tuple[float, float]]) -> None:
        pen = QPen(self._colour("text"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        self.painter.setPen(pen)
        self.painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, self.chain.top() + 3))
        self.painter.setPen(QPen(self._colour("text"), 1))
        self.painter.setBrush(self._colour("surface"))
        self.painter.drawRect(QRectF(round(x) - 4, self.chain.top() + 3.5, 9, 9))
        self._word(words, x, "text", taken)
