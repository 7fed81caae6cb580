"""What counts as a hit, as premature, as a miss and as a false stop; and the figures of each set of scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.lab.score.outcome import Decided, Ducked, decided, outcome
from assistant.lab.score.sets import processor_ms, score
from assistant.lab.score.truth import Truth

SPOKEN = Truth("one", "interrupt", seconds=6.0, onset_s=2.0, offset_s=3.0, has_near=True, snr="clean")
QUIET = Truth("two", "noise", seconds=60.0, kind="door")


def events(*told: tuple[float, str]) -> list[dict[str, object]]:
    return [{"t": at_s, "event": name} for at_s, name in told]


def of(truth: Truth, *told: tuple[float, str]) -> Decided:
    return decided(truth, events(*told))


class TestSomebodySpeaks:
    def test_a_stop_while_they_speak_or_soon_after_is_a_hit(self) -> None:
        for stop_s in (1.98, 2.0, 2.1, 3.0, 3.69):
            told = outcome(of(SPOKEN, (stop_s, "stop")))
            assert told.kind == "hit"
            assert told.stop_s == pytest.approx(stop_s - 2.0)

    def test_a_stop_before_they_speak_is_premature_whatever_comes_after(self) -> None:
        assert outcome(of(SPOKEN, (1.9, "stop"), (2.1, "stop"))).kind == "premature"

    def test_no_stop_or_one_too_late_is_a_miss(self) -> None:
        assert outcome(of(SPOKEN)).kind == "miss"
        assert outcome(of(SPOKEN, (3.75, "stop"))).kind == "miss"

    def test_the_first_reaction_is_a_duck_or_the_stop(self) -> None:
        assert outcome(of(SPOKEN, (2.06, "duck"), (2.1, "stop"))).reaction_s == pytest.approx(0.06)
        assert outcome(of(SPOKEN, (2.1, "stop"))).reaction_s == pytest.approx(0.1)
        ducked = outcome(of(SPOKEN, (2.5, "duck"), (2.8, "resume")))
        assert (ducked.kind, ducked.reaction_s) == ("miss", pytest.approx(0.5))
        assert outcome(of(SPOKEN, (4.5, "duck"))).reaction_s is None

    def test_a_duck_before_they_speak_is_told_and_spoils_nothing(self) -> None:
        told = outcome(of(SPOKEN, (1.0, "duck"), (1.3, "resume"), (2.1, "stop")))
        assert (told.kind, told.ducked_early, told.reaction_s) == ("hit", True, pytest.approx(0.1))

    def test_what_happened_before_the_canceller_was_warm_does_not_count(self) -> None:
        late = replace(SPOKEN, onset_s=5.0, offset_s=5.5)
        both = of(late, (1.0, "stop"), (5.1, "stop"))
        assert outcome(both).kind == "premature"
        assert outcome(both, from_s=3.0).kind == "hit"

    def test_nobody_speaks_is_no_trial(self) -> None:
        with pytest.raises(ValueError, match="two: nobody is known to speak"):
            outcome(of(QUIET))


class TestDisturbances:
    def test_stops_within_two_seconds_are_one(self) -> None:
        assert of(QUIET, (1.0, "stop"), (2.9, "stop"), (3.1, "stop"), (8.0, "stop")).stops() == (1.0, 3.1, 8.0)

    def test_a_duck_lasts_until_it_is_resolved_or_the_sound_ends(self) -> None:
        told = of(QUIET, (1.0, "duck"), (1.5, "resume"), (2.0, "duck"), (2.2, "duck"), (2.3, "stop"), (59.0, "duck"))
        assert told.ducks() == (Ducked(1.0, 1.5), Ducked(2.0, 2.3), Ducked(59.0, 60.0))
        assert told.ducks(from_s=2.1) == (Ducked(2.2, 2.3), Ducked(59.0, 60.0))

    def test_the_order_in_which_they_are_told_does_not_matter(self) -> None:
        assert of(QUIET, (3.0, "resume"), (2.0, "duck")).ducks() == (Ducked(2.0, 3.0),)


class TestSets:
    def figures(self, of_set: str, group: str, all_decided: Sequence[Decided]) -> dict[str, float | None]:
        (told,) = (each for each in score(all_decided) if each.set == of_set)
        return {name: figure.value for name, figure in told.group(group).figures.items()}

    def test_interruptions_as_a_whole_and_by_bed(self) -> None:
        clean = [of(SPOKEN, (2.05, "duck"), (2.1, "stop")), of(SPOKEN, (2.3, "stop")), of(SPOKEN)]
        noisy = [of(replace(SPOKEN, snr="5"), (1.0, "stop"))]
        told = self.figures("interrupt", "all", clean + noisy)
        assert (told["hit"], told["premature"], told["miss"]) == (50, 25, 25)
        assert told["stop_p50"] == pytest.approx(200)
        assert told["stop_p95"] == pytest.approx(290)
        assert told["reaction_p50"] == pytest.approx(175)
        assert self.figures("interrupt", "clean", clean + noisy)["miss"] == pytest.approx(100 / 3)
        assert self.figures("interrupt", "5 dB", clean + noisy)["premature"] == 100
        assert self.figures("interrupt", "5 dB", clean + noisy)["stop_p50"] is None

    def test_noises_an_hour_apart_from_what_is_like_speech_and_by_kind(self) -> None:
        door = of(QUIET, (1.0, "duck"), (1.5, "stop"), (2.0, "resume"), (9.0, "duck"), (9.25, "resume"))
        fan = of(replace(QUIET, kind="fan"))
        babble = of(replace(QUIET, kind="babble", is_speechlike=True), (1.0, "stop"))
        told = self.figures("noise", "noises", [door, fan, babble])
        assert (told["false_stops"], told["ducks"], told["ducked_s"]) == (30, 60, 22.5)
        assert self.figures("noise", "babble and radio", [door, fan, babble])["false_stops"] == 60
        assert self.figures("noise", "door", [door, fan, babble])["false_stops"] == 60
        assert self.figures("noise", "fan", [door, fan, babble])["false_stops"] == 0

    def test_short_words_and_backchannels_apart(self) -> None:
        word = replace(SPOKEN, set="short", kind="short_word")
        both = [of(word, (2.1, "stop")), of(replace(word, kind="backchannel_like"))]
        assert self.figures("short", "words", both)["hit"] == 100
        assert self.figures("short", "backchannels", both)["hit"] == 0

    def test_on_loudspeakers_by_speech_to_echo_with_the_cold_start_apart(self) -> None:
        near = replace(SPOKEN, set="echo", ser_db=-10.0, seconds=12.0, onset_s=5.0, offset_s=6.0)
        alone = Truth("alone", "echo", seconds=12.0, ser_db=10.0)
        told = [of(near, (1.0, "stop"), (5.2, "stop")), of(alone, (1.0, "stop"), (8.0, "stop"), (8.5, "duck"))]
        together = self.figures("echo", "all", told)
        assert (together["hit"], together["stop_p50"]) == (100, pytest.approx(200))
        assert together["self_stops_first"] == 20  # one in three seconds; what the trial with a user did is not its own
        assert together["self_stops_after"] == pytest.approx(60 / 9)
        assert self.figures("echo", "-10 dB", told)["hit"] == 100
        assert self.figures("echo", "-10 dB", told)["self_stops_first"] is None
        assert self.figures("echo", "+10 dB", told)["hit"] is None

    def test_hard_rooms_have_no_grace_for_the_cold_start(self) -> None:
        near = replace(SPOKEN, set="echo_hard", ser_db=0.0)
        assert self.figures("echo_hard", "all", [of(near, (1.0, "stop"), (2.1, "stop"))])["premature"] == 100

    def test_noises_over_the_echo(self) -> None:
        noise = replace(QUIET, set="echo_noise")
        assert self.figures("echo_noise", "all", [of(noise, (1.0, "stop"))])["false_stops"] == 60

    def test_recorded_pairs_by_what_is_known_of_them(self) -> None:
        known = replace(SPOKEN, set="echo_real")
        alone = Truth("alone", "echo_real", seconds=10.0)
        unknown = Truth("unknown", "echo_real", seconds=10.0, has_near=True)
        told = [of(known, (2.1, "stop")), of(alone), of(unknown, (4.0, "stop")), of(unknown)]
        assert self.figures("echo_real", "onset known", told)["hit"] == 100
        assert self.figures("echo_real", "loudspeaker alone", told)["self_stops_first"] == 0
        assert self.figures("echo_real", "onset unknown", told) == {"stopped": 50}

    def test_the_processor_s_work_with_and_without_a_loudspeaker(self) -> None:
        told = [replace(of(QUIET), cpu_s=0.6), replace(of(QUIET), cpu_s=1.2, has_far=True)]
        cost = processor_ms(told)
        assert {name: figure.value for name, figure in cost.items()} == {"headphones": 10, "loudspeakers": 20}
