"""The card tells each outcome in words, shows it under the lens, and how fast it was."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from assistant.settings.sections import Settings
from assistant.signal.trace import RATE, Trace
from assistant.turns.commands import Cause, Reason
from assistant.ui.live.card import FLASH_S, EpisodeCard
from assistant.ui.live.card_words import chain_words, heard_words, percentile, spoken, stops_ms
from assistant.ui.live.history import KEPT, History
from assistant.ui.live.lens import AFTER_MS, copied, last_ms
from assistant.ui.metrics import COMPACT, ROOMY


@pytest.fixture
def card(qtbot, theme, clock) -> EpisodeCard:
    made = EpisodeCard(theme, clock)
    qtbot.addWidget(made)
    made.resize(811, 126)
    made.show()
    return made


def shown_text(card: EpisodeCard) -> str:
    labels = [label for label in card.findChildren(QLabel) if label.isVisible()]
    return " ".join(re.sub("<[^>]*>", "", label.text()) for label in labels)


def test_before_anything_happened_it_offers_to_begin(qtbot, card) -> None:
    assert "No interruption yet" in shown_text(card)
    rehearse, alone = (button for button in card.findChildren(QPushButton) if button.isVisible())
    with qtbot.waitSignals([card.start_rehearsal, card.interrupt_itself], timeout=500):
        qtbot.mouseClick(rehearse, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(alone, Qt.MouseButton.LeftButton)


QUIETER = Reason(Cause.QUIET, 0, p_peak=0.52, start=0.6, near_dbfs=-31, echo_dbfs=-34)


@pytest.mark.parametrize(
    ("outcome", "reason", "title", "words"),
    [
        ("near_miss", QUIETER, "Near miss", "highest .52, needs .60."),
        ("own_voice", QUIETER, "Its own voice", "3 dB over the expected echo, 6 needed."),
        ("too_quiet", replace(QUIETER, near_dbfs=-61), "Too quiet", "−61 dBFS, −55 needed."),
        ("by_hand", Reason(Cause.STOP_PRESSED, 0), "Stopped by hand", "You pressed Esc."),
        ("false_stop", QUIETER, "False stop", "Went on from the phrase’s start."),
    ],
)
def test_each_outcome_has_its_title_and_reason(card, talk, cut_in, outcome, reason, title, words) -> None:
    episode = cut_in(outcome=outcome, reason=reason, lasted_ms=608, onset_to_stop_ms=None)
    card.add(episode, Settings(), talk.trace)
    assert title in shown_text(card)
    assert words in shown_text(card)


def test_a_stop_tells_why_and_what_was_heard(card, talk, cut_in) -> None:
    card.add(cut_in(), Settings(), talk.trace)
    text = shown_text(card)
    assert "You cut in 12:04:31" in text
    assert "5 frames in a row above .60, and 31 dB over the noise. Ducked after the first." in text
    assert "Heard up to “counted”. 8 words kept." in text
    assert "5 frames" in card.accessibleDescription()


def test_a_restore_tells_the_quiet(card, talk, carried_on) -> None:
    card.add(carried_on(), Settings(), talk.trace)
    assert "Carried on" in shown_text(card)
    assert "Quiet for 256 ms after 3 frames. Carried on." in shown_text(card)


@pytest.mark.parametrize(("metrics", "width"), [(ROOMY, 811), (COMPACT, 667)])
def test_no_text_is_cut_off(qapp, card, talk, cut_in, metrics, width) -> None:
    card.use(metrics)
    card.resize(width, metrics.card)
    card.add(cut_in(), Settings(), talk.trace)
    card.show_instead("With 160 ms it would have been 206 ms.", cut_in(onset_to_stop_ms=206.0))
    qapp.processEvents()
    for label in card.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())


def test_what_would_have_been_stands_in_place_of_what_was_heard(card, talk, cut_in) -> None:
    card.add(cut_in(), Settings(), talk.trace)
    card.show_instead("With 160 ms it would have been 206 ms.", cut_in(onset_to_stop_ms=206.0))
    assert "With 160 ms it would have been 206 ms." in shown_text(card)
    card.show_instead("", None)
    assert "206" not in shown_text(card)


def test_it_follows_the_newest_unless_an_older_one_is_looked_at(card, talk, cut_in) -> None:
    for number in (1, 2, 3):
        card.add(cut_in(number), Settings(), talk.trace)
    assert card.shown.number == 3
    card.step(-1)
    card.add(cut_in(4), Settings(), talk.trace)
    assert card.shown.number == 2
    card.step(1)
    card.step(1)
    card.step(1)
    assert card.shown.number == 4
    card.add(cut_in(5), Settings(), talk.trace)
    assert card.shown.number == 5


def test_a_revision_replaces_what_was_known(card, talk, cut_in) -> None:
    card.add(cut_in(last_word=""), Settings(), talk.trace)
    assert "Heard" not in shown_text(card)
    card.add(cut_in(revision=1), Settings(), talk.trace)
    card.add(cut_in(last_word="late"), Settings(), talk.trace)
    assert "Heard up to “counted”." in shown_text(card)


def test_a_sentence_speaks_of_the_settings_of_its_time(card, talk, cut_in) -> None:
    card.add(cut_in(outcome="too_quiet", reason=QUIETER), Settings(), talk.trace)
    card.add(cut_in(2), Settings.model_validate({"vad": {"gate_dbfs": -30}}), talk.trace)
    card.step(-1)
    assert "−55 needed" in shown_text(card)


def test_the_border_flashes_for_a_new_one_only(card, clock, talk, cut_in) -> None:
    card.add(cut_in(), Settings(), talk.trace)
    flashing = card.grab().toImage()
    clock.now_s += FLASH_S + 0.1
    card.tick(talk.trace)
    still = card.grab().toImage()
    assert flashing != still
    card.add(cut_in(revision=1), Settings(), talk.trace)
    assert card.grab().toImage() == still


def test_the_lens_keeps_its_sound_when_the_trace_has_forgotten_it(card, talk, cut_in) -> None:
    talk.goes_on(5.1, near=0.5, p=0.9)
    history = History()
    history.take(cut_in(at_s=5.0), Settings(), talk.trace)
    assert not history.selected.sound.settled
    talk.goes_on(1.0, near=0.5, p=0.9)
    assert history.settle(talk.trace)
    kept = history.selected.sound
    assert kept.settled
    talk.goes_on(50.0)
    assert not history.settle(talk.trace)
    assert history.selected.sound is kept
    assert kept.sound.near_peaks(5 * RATE, 5 * RATE + 1600).high.max() > 0.4


def test_the_lens_is_as_long_as_what_it_shows(cut_in, carried_on) -> None:
    assert last_ms(cut_in()) == AFTER_MS
    assert last_ms(cut_in(silent_at=5 * RATE + 300 * 16)) > 300
    assert last_ms(carried_on()) > 78 + 290


def test_the_lens_of_a_stream_that_just_began(qtbot, card, talk, cut_in) -> None:
    copy = copied(Trace(), cut_in(at_s=0.0))
    assert copy.sound.samples == 0
    card.add(cut_in(at_s=0.0), Settings(), Trace())
    card.grab()


def test_the_oldest_are_forgotten(talk, cut_in) -> None:
    history = History()
    for number in range(KEPT + 5):
        history.take(cut_in(number), Settings(), Trace())
    assert len(history.episodes) == KEPT
    assert history.episodes[0].number == 5
    assert not history.select(3)


def test_figures_count_stops_only_and_the_last_23(cut_in, carried_on) -> None:
    episodes = [cut_in(n, onset_to_stop_ms=float(n)) for n in range(30)]
    episodes += [carried_on(30), cut_in(31, outcome="false_stop"), cut_in(32, outcome="by_hand")]
    assert stops_ms(episodes) == [float(n) for n in range(7, 30)]


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert percentile([100, 300, 200], 50) == 200
    assert percentile(list(range(1, 21)), 95) == 19
    assert percentile([7], 95) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_words_for_those_who_listen(cut_in, carried_on) -> None:
    assert spoken(cut_in(), "3 frames above .60.") == "Stopped after 142 milliseconds. 3 frames above .60."
    assert spoken(carried_on(), "Quiet for 256 ms.") == "Carried on. Quiet for 256 ms."
    assert chain_words(cut_in()).startswith("frame 36 + ADC 8 + confirm 80 + ramp 8 + DAC 10 = 142 ms.")
    assert chain_words(carried_on()) == ""
    assert heard_words(cut_in(cut="sheep.")) == ("Heard up to “counted”.", "1 word kept.")
