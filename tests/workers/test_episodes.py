"""The story of each interruption: what it was, how long each link of the chain took, and what was learnt later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.turns.commands import CancelReply, Cause, Duck, Overheard, Reason, Restore, Resume, Stop
from assistant.workers.episode import Episode
from assistant.workers.episodes import Acted, EpisodeBook
from assistant.workers.reply import HeardText
from assistant.workers.stream_clock import StreamClock

NOON = datetime(2026, 11, 22, 12, 0)
ONSET = 16_000
RAMP = 384
CUT = HeardText(
    "All before. And he", "counted.", "All before.", "And he counted.", "And he", " counted.", "he", 900, 400
)


class Book:
    """An EpisodeBook and everything it published. Times are in 16 kHz samples after ONSET."""

    def __init__(self, shift: int = 0, in_ms: float = 0.0, out_ms: float = 0.0) -> None:
        self.clock = StreamClock(shift=shift, input_latency_ms=in_ms, output_latency_ms=out_ms)
        self.published: list[Episode] = []
        self.book = EpisodeBook(self.clock, self.published.append, lambda: NOON)

    def duck(self, at: int, acted_later: int = 480) -> None:
        self._note(Duck(ONSET + at, Reason(Cause.CANDIDATE, ONSET), -20), acted_later)

    def stop(self, at: int, cause: Cause = Cause.CONFIRMED, acted_later: int = 480, onset: int = 0) -> None:
        self._note(Stop(ONSET + at, Reason(cause, ONSET + onset)), acted_later)

    def restore(self, at: int) -> None:
        self._note(Restore(ONSET + at, Reason(Cause.QUIET, ONSET + at)))

    def resume(self, at: int) -> None:
        self._note(Resume(ONSET + at, Reason(Cause.FALSE_STOP, ONSET), "phrase_start"))

    def give_up(self, at: int) -> None:
        self._note(CancelReply(ONSET + at, Reason(Cause.CONFIRMED, ONSET)))

    def silent(self, at: int, ramp: int = RAMP) -> None:
        self.book.silent(self.clock.device_sample(ONSET + at), ramp, CUT)

    @property
    def latest(self) -> Episode:
        return self.published[-1]

    def _note(self, command: Duck | Stop | Restore | Resume | CancelReply, acted_later: int = 0) -> None:
        self.book.note(command, Acted(self.clock.device_sample(command.at) + acted_later))


@pytest.fixture
def book() -> Book:
    return Book()


def test_a_stop_is_told_when_it_is_decided_and_again_when_it_is_silent(book: Book) -> None:
    book.duck(512)
    book.stop(1536)
    book.silent(2000)
    decided, silent = book.published
    assert (decided.number, decided.revision, decided.outcome, decided.silent_at) == (1, 0, "stopped", None)
    assert (silent.number, silent.revision, silent.outcome, silent.silent_at) == (1, 1, "stopped", ONSET + 2000)
    assert silent.clock == NOON
    assert (silent.heard, silent.cut, silent.last_word) == ("And he", " counted.", "he")
    assert (silent.played_ms, silent.phrase_ms) == (900, 400)


def test_both_clocks_are_kept_apart(book: Book) -> None:
    book.duck(512)
    book.stop(1536)
    book.silent(2000)
    assert book.latest.onset_to_stop_ms == pytest.approx(2000 / 16)
    assert book.latest.detect_to_stop_ms == pytest.approx((2000 - 1536) / 16)
    assert book.latest.onset_to_duck_ms == pytest.approx(512 / 16 + 480 / 48)


def test_the_chain_names_every_link() -> None:
    book = Book(in_ms=8, out_ms=12)
    book.duck(512)
    book.stop(1536, acted_later=480)
    book.silent(2000)
    links = {step.name: step.ms for step in book.latest.chain}
    assert links == pytest.approx(
        {"frame": 32, "ADC": 8, "confirm": 64, "VAD": 10, "callback": 29 - 10 - 8, "ramp": 8, "DAC": 12}
    )
    assert book.latest.onset_to_duck_ms == pytest.approx(32 + 10 + 8 + 12)


@given(
    duck=st.none() | st.integers(-400, 1536),
    acted=st.integers(0, 960),
    silent=st.integers(1536, 4000),
    ramp=st.integers(1, 600),
    shift=st.integers(-48_000, 48_000),
    latencies=st.tuples(st.floats(0, 100), st.floats(0, 100)),
)
def test_the_chain_adds_up_to_the_whole_and_no_link_is_negative(
    duck: int | None, acted: int, silent: int, ramp: int, shift: int, latencies: tuple[float, float]
) -> None:
    book = Book(shift, *latencies)
    if duck is not None:
        book.duck(duck)
    book.stop(1536, acted_later=acted)
    silent = max(silent, 1536 + acted // 3 + 1)
    book.silent(silent, ramp)
    story = book.latest
    assert story.onset_to_stop_ms == pytest.approx(sum(step.ms for step in story.chain))
    assert story.onset_to_stop_ms == pytest.approx(silent / 16 + sum(latencies))
    assert min(step.ms for step in story.chain) >= -1e-6


def test_a_restore_begins_where_the_duck_s_sound_did(book: Book) -> None:
    book.duck(512)
    book.restore(8192)
    assert book.latest.outcome == "restored"
    assert book.latest.onset == ONSET
    assert book.latest.lasted_ms == 512
    assert book.latest.onset_to_stop_ms is None


@pytest.mark.parametrize(
    ("cause", "onset", "begins"), [(Cause.CONFIRMED, 3000, 3000), (Cause.STOP_PRESSED, 4608, 0)]
)
def test_a_duck_is_measured_from_its_own_sound(book: Book, cause: Cause, onset: int, begins: int) -> None:
    book.duck(512)
    book.stop(4608, cause, onset=onset)
    assert book.latest.onset_to_duck_ms == pytest.approx(512 / 16 + 10)
    assert book.latest.onset == ONSET + begins


def test_a_stop_by_hand_has_no_onset_to_count_from(book: Book) -> None:
    book.stop(1536, Cause.STOP_PRESSED)
    book.silent(2000)
    assert book.latest.outcome == "by_hand"
    assert book.latest.onset_to_stop_ms is None
    assert book.latest.detect_to_stop_ms == pytest.approx((2000 - 1536) / 16)


class TestAFalseStop:
    def test_it_is_known_when_the_reply_is_taken_up_again(self, book: Book) -> None:
        book.stop(1536)
        book.silent(2000)
        book.resume(9000)
        assert (book.latest.number, book.latest.outcome, book.latest.revision) == (1, "false_stop", 2)
        assert book.latest.onset_to_stop_ms == pytest.approx(2000 / 16), "what was measured stays"

    def test_it_keeps_its_latency_even_if_the_silence_is_noticed_after_it(self, book: Book) -> None:
        book.stop(1536)
        book.resume(1600)
        book.silent(2000)
        assert book.latest.outcome == "false_stop"
        assert book.latest.onset_to_stop_ms == pytest.approx(2000 / 16)

    def test_a_reply_that_was_given_up_before_it_sounded_makes_no_earlier_stop_a_false_one(self, book: Book) -> None:
        book.stop(1536)
        book.silent(2000)
        book.give_up(20_000)
        book.resume(30_000)
        assert book.latest.outcome == "stopped"

    def test_a_stop_by_hand_is_never_one(self, book: Book) -> None:
        book.stop(1536, Cause.STOP_PRESSED)
        book.resume(9000)
        assert book.latest.outcome == "by_hand"


def test_what_was_overheard_says_how_long_it_lasted(book: Book) -> None:
    book.book.note(Overheard(ONSET + 4096, Reason(Cause.QUIET, ONSET), "near_miss", 224), Acted(0))
    assert (book.latest.outcome, book.latest.lasted_ms, book.latest.duck_at) == ("near_miss", 224, None)


def test_numbers_grow_by_one(book: Book) -> None:
    tell: list[Callable[[int], None]] = [book.stop, book.restore, book.stop]
    for count, happens in enumerate(tell):
        happens(2000 * count)
    assert [episode.number for episode in book.published] == [1, 2, 3]


def test_silence_without_an_episode_is_nobody_s(book: Book) -> None:
    book.silent(2000)
    assert book.published == []
