"""Where the time of a replay goes: milliseconds of processor for a second of audio, by stage and by function.

python -m tests.benchmarks.bench_stages SCENARIOS|WAV… [--most N]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from collections import defaultdict
from pathlib import Path

from assistant.lab.replay import replay
from assistant.lab.scenario import find_scenarios
from assistant.settings.sections import Settings
from assistant.speech.silero import SileroVad

Key = tuple[str, int, str]
Shares = dict[str, float]
Stats = dict[Key, tuple[int, int, float, float, dict[Key, tuple[int, int, float, float]]]]


class Owners:
    """Who pays for a library's function: the functions of Interject that called it, directly or through libraries."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats
        self._known: dict[Key, Shares] = {}

    def of(self, key: Key) -> Shares:
        """Function → its part of 1. A function of Interject pays for itself."""
        if key not in self._known:
            self._known[key] = defaultdict(float)  # a library that calls itself pays nothing on the way back
            self._known[key] = defaultdict(float, {_named(key): 1.0}) if _module(key[0]) else self._callers(key)
        return self._known[key]

    def _callers(self, key: Key) -> Shares:
        callers = self._stats[key][4]
        whole_s = sum(cumulative_s for _, _, _, cumulative_s in callers.values())
        parts: Shares = defaultdict(float)
        for caller, (_, _, _, cumulative_s) in callers.items():
            for owner, part in self.of(caller).items():
                parts[owner] += part * cumulative_s / (whole_s or 1.0)
        return parts


def own_time(stats: Stats) -> Shares:
    """Seconds by function of Interject, with what libraries did for it after an arrow."""
    owners = Owners(stats)
    taken: Shares = defaultdict(float)
    for key, (_, _, own_s, _, _) in stats.items():
        for owner, part in owners.of(key).items():
            name = owner if _module(key[0]) else f"{owner} → {key[2].strip('<>').split('.')[-1]}"
            taken[name] += own_s * part
    return taken


def _named(key: Key) -> str:
    return f"{_module(key[0])}:{key[2]}"


def _module(file: str) -> str:
    path = Path(file)
    return f"{path.parent.name}/{path.stem}" if "assistant" in path.parts and "site-packages" not in path.parts else ""


def main() -> None:
    """Prints two tables. The profiler's own cost is taken out in proportion: the sum is what a plain replay takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=30, help="so many functions (default 30)")
    arguments = parser.parse_args()
    scenarios = find_scenarios(arguments.places)
    detector = SileroVad()
    plain = [replay(scenario, Settings(), detector) for scenario in scenarios]
    audio_s, plain_s = sum(each.audio_s for each in plain), sum(each.cpu_s for each in plain)
    profile = cProfile.Profile()
    for scenario in scenarios:
        profile.runcall(replay, scenario, Settings(), detector)
    taken = own_time(pstats.Stats(profile).stats)  # type: ignore[attr-defined]
    # Reading the files is not counted by replay either.
    by_function = {name: s for name, s in taken.items() if not name.startswith(("lab/sound_file", "lab/scenario"))}
    by_module: Shares = defaultdict(float)
    for name, own_s in by_function.items():
        by_module[name.partition(":")[0]] += own_s
    total_s = sum(by_module.values())
    print(f"{audio_s:.0f} s of audio: {plain_s / audio_s * 1e3:.1f} ms/s, {audio_s / plain_s:.0f} × real time")
    for title, counted in (("module", by_module), ("function", by_function)):
        print(f"\n{title}")
        for name, own_s in sorted(counted.items(), key=lambda one: -one[1])[: arguments.most]:
            print(f"  {own_s / total_s * plain_s / audio_s * 1e3:7.2f} ms/s  {own_s / total_s:6.1%}  {name}")


if __name__ == "__main__":
    main()
