"""What Interject does in each situation, from the sound on: front end, detector and core as they ship.

Windows are loose: they pin the behaviour, not the figures, so that any decent detector passes.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.audio.frame_path import Detector
from assistant.settings.sections import Settings
from assistant.speech.detectors import chosen_detector
from assistant.turns.facts import NoWords, StopPressed, WordsHeard
from tests.golden.scene import Expected, Scene
from tests.golden.sounds import RATE, Floats, babble, noise, radio, voice

QUESTION = "Wait, I have a question about that."
BEGINS: Expected = ("speaks", 0.3, 0.4)
HEADPHONES, LOUDSPEAKERS_DB, LOUD_DB = None, -15.0, -6.0
Set = Callable[..., Scene]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return chosen_detector(Settings().vad)


@pytest.fixture
def scene(detector: Detector) -> Set:
    return lambda **knobs: Scene(detector, **knobs)


def seconds(sound: Floats) -> float:
    return len(sound) / RATE


def stops(at_s: float, slower_s: float = 0.0) -> tuple[Expected, ...]:
    """A voice from `at_s` on ducks it, stops it and has the floor."""
    late_s = 0.45 + slower_s
    return (
        ("duck", at_s, at_s + late_s),
        ("stop", at_s, at_s + late_s + 0.2),
        ("silence", at_s, at_s + late_s + 0.3),
        ("your turn", at_s, at_s + late_s + 0.6),
    )


class TestSomebodyCutsIn:
    @pytest.mark.parametrize("told", ["auto", "headphones", "loudspeakers"])
    def test_on_headphones(self, scene: Set, told: str) -> None:
        question = voice(QUESTION)
        ends = 3.0 + seconds(question)
        timeline = scene(echo__path=told).hears(question, 3.0).plays(7)
        timeline.goes(BEGINS, *stops(3.0), ("turn over", ends + 0.5, ends + 1.3))

    @pytest.mark.parametrize("echo_db", [LOUDSPEAKERS_DB, LOUD_DB])
    def test_through_the_echo(self, scene: Set, echo_db: float) -> None:
        question = voice(QUESTION)
        ends = 5.0 + seconds(question)
        timeline = scene(loudspeakers_db=echo_db).hears(question, 5.0).plays(9)
        timeline.goes(BEGINS, *stops(5.0, slower_s=0.4), ("turn over", ends + 0.5, ends + 1.3))

    def test_and_again_as_soon_as_it_answers(self, scene: Set) -> None:
        first, second = voice(QUESTION), voice("No, not that one, the other.")
        answered = 3.0 + seconds(first) + 1.0
        timeline = scene(answers=True).hears(first, 3.0).hears(second, answered + 0.8).plays(10)
        ends = answered + 0.8 + seconds(second)
        timeline.goes(
            BEGINS,
            *stops(3.0),
            ("turn over", answered - 0.5, answered + 0.3),
            ("speaks", answered - 0.3, answered + 0.6),
            *stops(answered + 0.8),
            ("turn over", ends + 0.5, ends + 1.3),
            ("speaks", ends + 0.7, ends + 1.6),
        )

    def test_while_it_thinks(self, scene: Set) -> None:
        first, more = voice(QUESTION), voice("And another thing, please.")
        timeline = scene().hears(first, 3.0).hears(more, 6.2).plays(10)
        ends = 6.2 + seconds(more)
        timeline.goes(
            BEGINS,
            *stops(3.0),
            ("turn over", 5.4, 6.2),
            ("gives its reply up", 6.2, 6.8),
            ("your turn", 6.2, 6.8),
            ("turn over", ends + 0.5, ends + 1.3),
        )


class TestNobodyCutsIn:
    @pytest.mark.parametrize("echo_db", [HEADPHONES, LOUDSPEAKERS_DB], ids=["headphones", "loudspeakers"])
    @pytest.mark.parametrize("name", ["cough", "door knock", "keyboard"])
    def test_a_noise_lowers_it_at_most_for_a_moment(self, scene: Set, name: str, echo_db: float | None) -> None:
        timeline = scene(loudspeakers_db=echo_db).hears(noise(name), 4.0).plays(7.5)
        timeline.goes(BEGINS)
        assert timeline.ducked_s < 1.0

    @pytest.mark.parametrize("echo_db", [LOUDSPEAKERS_DB, LOUD_DB])
    def test_its_own_voice_from_the_first_word_on(self, scene: Set, echo_db: float) -> None:
        timeline = scene(loudspeakers_db=echo_db).plays(14)
        timeline.goes(BEGINS)
        assert timeline.ducked_s < 1.0

    def test_others_who_talk_far_away(self, scene: Set) -> None:
        scene().hears(babble(4.0, -48.0), 3.0).plays(8).goes(BEGINS)

    def test_a_voice_below_the_gate(self, scene: Set) -> None:
        timeline = scene().hears(voice(QUESTION, dbfs=-58.0), 3.0).plays(6)
        timeline.goes(BEGINS)
        assert timeline.ducked_s == 0


@pytest.mark.parametrize("echo_db", [HEADPHONES, LOUDSPEAKERS_DB], ids=["headphones", "loudspeakers"])
class TestOnceItKnowsHowLoudThePersonSpeaks:
    """They ask something, and while it answers somebody else talks, 14 dB softer."""

    OTHERS_S = 7.0

    def answers(self, scene: Set, echo_db: float | None) -> Scene:
        made = scene(answers=True, loudspeakers_db=echo_db).hears(voice(QUESTION), 3.0)
        return made.hears(radio(4.0, -36.0), self.OTHERS_S)

    def before(self) -> tuple[Expected, ...]:
        ends = 3.0 + seconds(voice(QUESTION))
        return BEGINS, *stops(3.0, 0.4), ("turn over", ends + 0.5, ends + 1.3), ("speaks", ends + 0.7, ends + 1.6)

    def test_a_radio_does_not_stop_it(self, scene: Set, echo_db: float | None) -> None:
        timeline = self.answers(scene, echo_db).plays(12)
        timeline.goes(*self.before())
        assert timeline.why("restore") == "softer"
        assert timeline.ducked_s < 1.0

    def test_they_stop_it_over_the_radio(self, scene: Set, echo_db: float | None) -> None:
        at_s = self.OTHERS_S + 2.0
        timeline = self.answers(scene, echo_db).hears(voice("And who lives there?"), at_s).plays(10.0)
        timeline.goes(*self.before(), *stops(at_s, 0.4))

    def test_its_first_listener_may_be_as_soft_as_that(self, scene: Set, echo_db: float | None) -> None:
        timeline = scene(loudspeakers_db=echo_db).hears(radio(4.0, -36.0), 4.0).plays(7.0)
        timeline.goes(BEGINS, *stops(4.0, 0.6))


class TestWords:
    def test_a_sign_of_listening_lets_it_go_on(self, scene: Set) -> None:
        """Whether it only ducked or had already stopped."""
        timeline = scene().hears(voice("Mm-hm."), 3.0).told(WordsHeard("Mm-hm."), 3.5).plays(7)
        names = [event.name for event in timeline.course]
        assert "turn over" not in names and "wait" not in names, timeline
        assert names in (["speaks"], ["speaks", "duck", "stop", "silence", *names[4:-2], "resume", "speaks"]), timeline
        assert timeline.course[-1].at_s < 5.0

    def test_a_stop_word_stops_a_detector_that_asks_for_much(self, scene: Set) -> None:
        said = voice("Wait, stop.")
        timeline = scene(barge_in__confirm_ms=480).hears(said, 3.0).told(WordsHeard("Wait, stop."), 3.45).plays(6)
        timeline.goes(BEGINS, *stops(3.0, slower_s=0.6), ("turn over", 4.4, 5.2))
        assert timeline.why("stop") == "stop_word"


class TestAFalseStop:
    """Somebody moans, long enough for a turn; the recogniser finds no words in it."""

    def moans(self, scene: Set, **knobs: float | str) -> Scene:
        moan = voice("aah, ooh")
        assert 0.5 < seconds(moan) < 1.2
        made = scene(**knobs).hears(moan, 3.0).told(NoWords(), 5.2)
        return made.hears(moan, 7.0).told(NoWords(), 9.2)

    def test_goes_on_once_and_then_waits_for_quiet(self, scene: Set) -> None:
        timeline = self.moans(scene, barge_in__wait_s=2).plays(13)
        timeline.goes(
            BEGINS,
            *stops(3.0),
            ("turn over", 4.0, 5.2),
            ("resume", 5.1, 5.3),
            ("speaks", 5.3, 5.6),
            *stops(7.0),
            ("turn over", 8.0, 9.2),
            ("wait", 9.1, 9.3),
            ("resume", 11.1, 11.5),
            ("speaks", 11.3, 11.8),
        )

    def test_while_it_waits_whoever_speaks_has_the_floor(self, scene: Set) -> None:
        timeline = self.moans(scene).hears(voice(QUESTION), 10.5).plays(14)
        names = [event.name for event in timeline.course]
        assert names[-3:] == ["wait", "your turn", "turn over"], timeline


class TestAProtectedSentence:
    """The first one lasts until about 3.8 s."""

    def test_is_said_to_its_end(self, scene: Set) -> None:
        question = voice(QUESTION)
        timeline = scene(barge_in__protect="first_sentence").hears(question, 2.5).plays(7)
        ends = 2.5 + seconds(question)
        timeline.goes(
            BEGINS,
            ("duck", 2.5, 3.0),
            ("promise", 2.5, 3.2),
            ("stop", 3.6, 4.0),
            ("your turn", 3.6, 4.1),
            ("silence", 3.6, 4.1),
            ("turn over", ends + 0.5, ends + 1.3),
        )
        assert timeline.why("stop") == "sentence_over"

    def test_but_not_over_a_key(self, scene: Set) -> None:
        timeline = scene(barge_in__protect="first_sentence").told(StopPressed(), 2.0).plays(4)
        timeline.goes(BEGINS, ("stop", 1.9, 2.1), ("silence", 1.9, 2.2))
