"""How long a person waits for an answer, stage by stage, and how soon it falls silent while models compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from assistant.commands.measures.child import in_child
from assistant.commands.measures.figure import Aim, Drawn, Effort, Figure, Measured, NotMeasured, of_repeats

MODES = ("off", "at_pause", "while_speaking")
WAIT_AIM = Aim("≤", 1000)
RATIO_AIM = Aim("≤", 0.6)
SLOWER_AIM = Aim("≤", 10)
XRUNS_AIM = Aim("≤", 1)
MODELS = ("ears.model", "brain.model", "voice.model")
SHORT_REPLIES: Mapping[str, str] = {"brain.reply_tokens": "24"}
"""Nothing that is measured comes after the first clause, and every reply has to be listened to."""
_PARTS = ("silence", "words", "prompt", "clause", "voice", "device")
_STARTS_S, _A_TURN_S, _A_STOP_S = 60.0, 30.0, 20.0
_RESERVE_MS = 20
"""What a sound device has in reserve: two blocks."""


def replies(effort: Effort) -> Iterator[Measured]:
    """From the last sound of a question to the first sound of the answer, with the models that the settings name.

    Each question is asked in each mode of preparation in turn, so that what else the machine does hits all alike.
    """
    knobs = {**SHORT_REPLIES, **_with_models(effort)}
    options = {"knobs": knobs, "modes": MODES, "rounds": effort.questions}
    told = _told("ask", options, effort.questions * len(MODES) * _A_TURN_S)
    answered = [turn for turn in told["turns"] if turn["answered"]]
    turns = [turn for turn in answered if turn["room_ms"] > 0]
    lost, cut_off = len(told["turns"]) - len(answered), len(answered) - len(turns)
    by_mode = {mode: [turn for turn in turns if turn["mode"] == mode] for mode in MODES}
    if not all(by_mode.values()):
        why = f"{lost} of {len(told['turns'])} questions had no answer, {cut_off} were answered in a pause."
        raise NotMeasured(f"{why} {' '.join(told['failures'])}")
    waits = {mode: [turn["room_ms"] for turn in by_mode[mode]] for mode in MODES}
    for mode in MODES:
        yield _percentile("replies", f"answer, {mode}", waits[mode], 50, WAIT_AIM if mode == MODES[-1] else None)
        yield _percentile("replies", f"answer, {mode}", waits[mode], 95)
    for mode in MODES[1:]:
        ratio = float(np.median(waits[mode]) / np.median(waits["off"]))
        yield Figure("replies", f"of the wait with off, {mode}", ratio, "", RATIO_AIM if mode == MODES[-1] else None)
        yield of_repeats("replies", f"saved, {mode}", [turn["saved_ms"] for turn in by_mode[mode]], "ms")
        wasted = sum(turn["wasted"] for turn in by_mode[mode])
        yield Figure("replies", f"made in vain, {mode}", wasted / len(by_mode[mode]), "a turn")
    yield Figure("replies", "questions without an answer", lost, "", Aim("≤", 0))
    yield Figure("replies", "questions answered in a pause", cut_off, "", Aim("≤", 0))
    yield _side_by_side(by_mode, told)


def stopping(effort: Effort) -> Iterator[Measured]:
    """From the decision to silence while a language model writes without a pause, and in Rehearsal without models."""
    models = _with_models(effort)
    runs = {
        "before": _stops(models | dict.fromkeys(MODELS, ""), "", effort),
        "busy": _stops(models, models["brain.model"], effort),
        "after": _stops(models | dict.fromkeys(MODELS, ""), "", effort),
    }
    idle_ms = [*runs["before"]["detect_to_stop_ms"], *runs["after"]["detect_to_stop_ms"]]
    busy_ms = runs["busy"]["detect_to_stop_ms"]
    if not idle_ms or not busy_ms:
        raise NotMeasured("no interruption stopped it.")
    for name, values in (("idle", idle_ms), ("computing", busy_ms)):
        for percent in (50, 95):
            yield _percentile("stopping", f"decision to silence, {name}", values, percent)
    slower_ms = float(np.percentile(busy_ms, 95) - np.percentile(idle_ms, 95))
    yield Figure("stopping", "p95, more than idle", slower_ms, "ms", SLOWER_AIM)
    busy = runs["busy"]
    yield Figure("stopping", f"interruptions missed, of {effort.stops}", effort.stops - len(busy_ms), "")
    yield Figure("stopping", "xruns, computing", busy["xruns"] / _minutes(busy), "/min", XRUNS_AIM)
    for name, run in (("idle", runs["after"]), ("computing", busy)):
        late = sum(run["counts"][round(_RESERVE_MS / run["bin_ms"]) :])
        yield Figure("stopping", f"blocks > {_RESERVE_MS} ms late, {name}", late / _minutes(run), "/min")
        yield Figure("stopping", f"blocks late, p95, {name}", run["late_p95_ms"], "ms")
        yield Figure("stopping", f"blocks late, worst, {name}", run["late_max_ms"], "ms")
    yield Figure("stopping", "meanwhile written", busy["tokens_per_s"], "tokens/s")


def _minutes(run: Any) -> float:
    return float(run["sounded_s"]) / 60


def _with_models(effort: Effort) -> dict[str, str]:
    """The knobs of this run. Raises NotMeasured where models are missing."""
    missing = [key for key in MODELS if not effort.knobs.get(key)]
    if missing:
        raise NotMeasured(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not chosen. Choose models on the Models "
            "page, or name them: --set ears.model=… --set brain.model=… --set voice.model=…, ids or paths."
        )
    return dict(effort.knobs)


def _told(role: str, options: Mapping[str, Any], lasts_s: float) -> Any:
    told = in_child(role, options, _STARTS_S + lasts_s)
    if "failure" in told:
        raise NotMeasured(told["failure"])
    return told


def _stops(knobs: Mapping[str, str], flat_out: str, effort: Effort) -> Any:
    times = effort.stops if flat_out else -(-effort.stops // 2)
    return _told("stop", {"knobs": knobs, "times": times, "flat_out": flat_out}, times * _A_STOP_S)


def _percentile(part: str, name: str, values: Sequence[float], percent: int, aim: Aim | None = None) -> Figure:
    value = float(np.percentile(values, percent))
    return Figure(part, f"{name}, p{percent}", value, "ms", aim, len(values), min(values), max(values))


def _side_by_side(by_mode: Mapping[str, list[dict[str, Any]]], told: Mapping[str, Any]) -> Drawn:
    """A line a stage, a column a mode; the same as figures."""
    models = ", ".join(told["models"][thread] or "nothing" for thread in ("hearing", "thinking", "speaking"))
    count = min(len(turns) for turns in by_mode.values())
    lines = [
        f"Where the wait goes, ms, p50 / p95 of {count} questions each. {models}; the loudspeaker is simulated.",
        f"  {'':<22}" + "".join(f"{mode:>20}" for mode in MODES),
    ]
    figures: list[Figure] = []

    def add(name: str, values: Mapping[str, list[float]]) -> None:
        cells = []
        for mode in MODES:
            p50, p95 = (float(np.percentile(values[mode], percent)) for percent in (50, 95))
            cells.append(f"{p50:.0f} / {p95:.0f}")
            figures.append(Figure("replies", f"{name}, {mode}, p50", p50, "ms", None, count))
            figures.append(Figure("replies", f"{name}, {mode}, p95", p95, "ms", None, count))
        lines.append(f"  {name:<22}" + "".join(f"{cell:>20}" for cell in cells))

    for part in _PARTS:
        add(part, {mode: [turn["parts_ms"][part] for turn in by_mode[mode]] for mode in MODES})
    add("sum of these", {mode: [sum(turn["parts_ms"].values()) for turn in by_mode[mode]] for mode in MODES})
    add("heard in the room", {mode: [turn["room_ms"] for turn in by_mode[mode]] for mode in MODES})
    prepared = [f"{sum(turn['prepared'] for turn in by_mode[mode])} of {len(by_mode[mode])}" for mode in MODES]
    lines.append(f"  {'prepared':<22}" + "".join(f"{cell:>20}" for cell in prepared))
    return Drawn("replies", tuple(lines), tuple(figures))
