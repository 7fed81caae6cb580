"""A reply that is stopped without words goes on once; stopped again, it waits for somebody, or for quiet."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.turns.commands import Cause, CloseUtterance, Resume, Wait
from assistant.turns.facts import Asked, NoWords, ReplyEnded, ReplyStarted, StopPressed, TalkPressed, WordsHeard
from assistant.turns.resuming import LONGEST_WAIT_MS, RECOVERED_MS
from assistant.turns.states import State
from tests.turns.conversation import FRAME_MS, Conversation, kinds


def stopped_again(**knobs: float | str) -> Conversation:
    """It spoke, a door slammed, it went on, and the door slammed again."""
    talk = Conversation(barge_in__confirm_ms=96, **knobs).speaks()
    assert kinds(talk.slams()) == ["Duck", "Stop", "Resume"]
    talk.speaks()
    assert kinds(talk.slams()) == ["Duck", "Stop", "Wait"]
    assert talk.state is State.WAITING
    talk.commands = []
    return talk


class TestItWaits:
    def test_silent_and_the_reason_says_for_how_long(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96, barge_in__wait_s=8).speaks()
        talk.slams()
        talk.speaks()
        wait = talk.slams()[-1]
        assert isinstance(wait, Wait)
        assert wait.reason.cause is Cause.STOPPED_AGAIN
        assert wait.quiet_ms == wait.reason.needed_ms == 8000

    def test_after_so_much_quiet_it_goes_on_by_itself(self) -> None:
        talk = stopped_again(barge_in__wait_s=8)
        assert kinds(talk.quiet(7000)) == []
        (resume,) = talk.quiet(1000)
        assert isinstance(resume, Resume)
        assert (resume.reason.cause, resume.where) == (Cause.LONG_QUIET, "phrase_start")
        talk.speaks()

    def test_the_quiet_must_be_unbroken(self) -> None:
        talk = stopped_again(barge_in__wait_s=8)
        for _ in range(10):
            talk.quiet(5000)
            talk.hears(64)
        assert talk.commands == []
        assert kinds(talk.quiet(8000)) == ["Resume"]

    def test_each_time_twice_as_long_but_never_for_ever(self) -> None:
        talk = stopped_again(barge_in__wait_s=8)
        waited = []
        for _ in range(6):
            for _ in range(LONGEST_WAIT_MS // FRAME_MS + 1):
                if talk.state is State.WAITING:
                    talk.quiet(FRAME_MS)
            talk.speaks()
            wait = talk.slams()[-1]
            assert isinstance(wait, Wait)
            waited.append(wait.quiet_ms / 1000)
        assert waited == [16, 32, 60, 60, 60, 60]

    def test_a_noise_meanwhile_is_dropped_and_it_goes_on_waiting(self) -> None:
        talk = stopped_again()
        assert kinds(talk.slams()) == ["OpenUtterance", "DropUtterance", "Wait"]
        assert talk.state is State.WAITING

    def test_with_a_recogniser_too(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        for expected in ("Resume", "Wait"):
            talk.hears(600)
            talk.quiet(800)
            talk.tell(NoWords())
            assert kinds(talk.quiet(FRAME_MS)) == [expected]
            if expected == "Resume":
                talk.speaks()
        talk.hears(600)
        talk.quiet(800)
        talk.tell(NoWords())
        talk.quiet(FRAME_MS)
        assert talk.state is State.WAITING

    def test_set_to_stay_quiet_it_never_goes_on(self) -> None:
        talk = stopped_again(barge_in__wait_s=8)
        talk.changes("barge_in.after_false_stop", "stay_quiet")
        assert kinds(talk.quiet(LONGEST_WAIT_MS)) == []
        assert talk.state is State.LISTENING


class TestThePersonDecides:
    def test_whoever_speaks_has_the_floor(self) -> None:
        talk = stopped_again()
        talk.hears(800)
        (closed,) = [command for command in talk.quiet(800) if isinstance(command, CloseUtterance)]
        assert closed.reason.cause is Cause.TURN_ENDED
        assert talk.state is State.THINKING

    def test_whoever_asks_for_it_gets_it_and_it_has_a_fresh_start(self) -> None:
        talk = stopped_again()
        talk.tell(Asked())
        talk.quiet(FRAME_MS)
        talk.speaks()
        assert kinds(talk.slams()) == ["Duck", "Stop", "Resume"]

    def test_a_sign_of_listening_lets_it_go_on_at_once_however_often(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        for _ in range(5):
            talk.hears(480)
            talk.tell(WordsHeard("Mm-hm"))
            assert kinds(talk.quiet(800))[-1] == "Resume"
            talk.speaks()

    def test_its_own_words_make_it_wait_like_any_noise(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        for expected in ("Resume", "Wait"):
            talk.hears(480)
            talk.tell(WordsHeard("the harbour", own_words="There lies the harbour."))
            assert kinds(talk.quiet(800))[-1] == expected
            if expected == "Resume":
                talk.speaks()

    @pytest.mark.parametrize(("signal", "state"), [(StopPressed(), State.LISTENING), (TalkPressed(), State.HELD)])
    def test_a_key_ends_the_waiting(self, signal: StopPressed | TalkPressed, state: State) -> None:
        talk = stopped_again()
        talk.tell(signal)
        talk.quiet(FRAME_MS)
        assert talk.state is state
        assert "Resume" not in kinds(talk.quiet(LONGEST_WAIT_MS))


class TestWhatIsAnotherReply:
    def test_an_answer_to_words(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        talk.slams()
        talk.speaks()
        talk.hears(800)
        talk.quiet(800)
        assert kinds(talk.commands)[-1] == "CloseUtterance"
        talk.speaks()
        assert kinds(talk.slams())[-1] == "Resume"

    def test_the_next_one_after_this_one_ended(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        talk.slams()
        talk.speaks()
        talk.tell(ReplyEnded())
        talk.quiet(1000)
        talk.speaks()
        assert kinds(talk.slams())[-1] == "Resume"

    def test_a_long_reading_that_went_on_undisturbed_is_as_good_as_another(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        for _ in range(4):
            assert kinds(talk.slams())[-1] == "Resume"
            talk.speaks()
            talk.quiet(RECOVERED_MS)
        talk.slams()
        talk.speaks()
        talk.quiet(RECOVERED_MS / 2)
        assert kinds(talk.slams())[-1] == "Wait"

    def test_coughs_while_it_thinks_cost_no_waiting(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96)
        talk.tell(Asked())
        talk.quiet(FRAME_MS)
        for _ in range(4):
            assert kinds(talk.slams())[-1] == "Resume"
        talk.speaks()
        assert kinds(talk.slams())[-1] == "Resume"

    def test_nor_does_a_cough_while_it_thinks_about_what_cut_it(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96).speaks()
        talk.slams()
        talk.speaks()
        talk.hears(800)
        talk.quiet(800)
        assert talk.state is State.THINKING
        assert kinds(talk.slams())[-1] == "Resume"


@given(st.lists(st.tuples(st.integers(1, 60_000), st.integers(96, 480)), max_size=30))
@example([(1, 96), (225, 225), (1, 257), (1, 417), (673, 96), (225, 96), (8225, 96)])  # taken for a turn in between
def test_it_never_stutters(noises: list[tuple[int, int]]) -> None:
    """Whatever noise there is, in any half minute a reply goes on by itself at most twice: at once, and after quiet.

    Noise upon noise may be taken for a turn; what answers it is another reply.
    """
    talk = Conversation(barge_in__confirm_ms=96, barge_in__false_stop_ms=992).speaks()
    went_on: list[list[int]] = [[]]
    for quiet_ms, noise_ms in noises:
        for hears, ms in ((talk.quiet, quiet_ms), (talk.hears, noise_ms)):
            for _ in range(-(-ms // FRAME_MS)):
                for command in hears(FRAME_MS):
                    if isinstance(command, CloseUtterance):
                        went_on.append([])
                    elif isinstance(command, Resume):
                        went_on[-1].append(command.at // 16)
                if talk.state is State.THINKING:
                    talk.tell(ReplyStarted())
    for times in went_on:
        assert all(later - first > RECOVERED_MS / 2 for first, later in zip(times, times[2:], strict=False))
