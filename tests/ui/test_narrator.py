"""What the conversation shows while it happens: words that come and go, replies as far as they were heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from assistant.brain.partner import Phrase, Thought
from assistant.turns.commands import Cause
from assistant.ui.controls import Controls
from assistant.ui.conversation import ConversationView
from assistant.ui.status_bar import Prepared
from assistant.ui.style import Theme
from assistant.workers.reply import Reply
from assistant.workers.reply_times import ReplyTimes
from tests.ui.looking import settle
from tests.ui.told import Talk


@pytest.fixture
def talk(theme: Theme, controls: Controls, qtbot: QtBot) -> Iterator[Talk]:
    view = ConversationView(theme, controls)
    qtbot.addWidget(view)
    view.resize(440, 500)
    view.show()
    settle()
    yield Talk(view)


def test_words_appear_while_somebody_speaks_and_the_final_ones_replace_them(talk: Talk) -> None:
    talk.opens()
    talk.words("", "weight")
    assert talk.lines == ["You", "weight"]
    talk.words("Wait,", "how many")
    assert talk.lines == ["You", "Wait, how many"]
    talk.closes()
    assert talk.lines == ["You", "Wait, how many"]
    talk.words("Wait, how many steps?", final=True)
    assert talk.lines == ["You", "Wait, how many steps?"]
    assert "now" not in talk.view.page.toPlainText()


def test_the_tentative_words_are_dimmed_and_no_part_of_the_record(talk: Talk, theme: Theme) -> None:
    talk.opens()
    talk.words("Wait,", "how many")
    run = talk.view.page.document().lastBlock().begin()
    colours = []
    while not run.atEnd():
        colours.append((run.fragment().text(), run.fragment().charFormat().foreground().color().name().upper()))
        run += 1
    assert colours == [("Wait,", theme.tokens.text), (" how many", theme.tokens.text3)]
    assert [said.text for said in talk.view.record.lines] == ["Wait,"]


def test_without_a_recogniser_it_says_how_long_somebody_spoke(talk: Talk) -> None:
    talk.opens()
    assert talk.lines == []
    talk.closes(1200)
    assert talk.lines == ["You", "(spoke for 1.2 s)"]


def test_words_that_come_after_the_turn_was_closed_find_their_place(talk: Talk) -> None:
    talk.opens()
    talk.closes()
    talk.says("About an hour.", words=1)
    talk.words("How long?", final=True)
    assert talk.lines == ["You", "How long?", "Interject", "About an hour."]


def test_a_backchannel_becomes_a_small_line(talk: Talk) -> None:
    talk.says("He climbed the steps every evening.", words=3)
    talk.ducks()
    talk.words("", "mm-hm")
    assert talk.lines[-2:] == ["You", "mm-hm"]
    talk.restores()
    assert talk.lines == [
        "Interject", "He climbed the steps every evening.",
        "▲  “mm-hm” at 12:04:12: ducked 0.41 s, carried on",
    ]
    talk.words("mm-hm", final=True)
    assert "You" not in talk.lines


def test_a_noise_leaves_a_chip_and_late_words_of_it_nothing(talk: Talk) -> None:
    talk.says("He climbed the steps every evening.", words=3)
    talk.ducks()
    talk.restores()
    talk.words("", "thank you for watching")
    assert talk.lines == ["Interject", "He climbed the steps every evening."]
    assert talk.view.record.lines[0].ducked[0].at_chars == len("He climbed the")


def test_after_a_backchannel_the_reply_goes_on_below_the_line(talk: Talk) -> None:
    talk.says("One two.", "Three four.", words=1)
    talk.ducks()
    talk.words("", "yeah")
    talk.restores()
    talk.heard(3)
    assert [line[:8] for line in talk.lines] == ["Interjec", "One two.", "▲  “yeah", "Interjec", "Three fo"]


def test_a_reply_is_cut_above_the_words_that_cut_it(talk: Talk) -> None:
    talk.says("One two three.", "Four five six.", words=1)
    talk.ducks()
    talk.words("", "wait")
    talk.heard(3)
    talk.heard(4)
    talk.stops()
    talk.opens(Cause.WENT_ON)
    talk.words("Wait", "a moment")
    talk.closes()
    talk.words("Wait a moment.", final=True)
    assert talk.lines == ["Interject", "One two three. Four five six.", "You", "Wait a moment."]
    assert talk.view.record.lines[0].unheard == " five six."


def test_a_reply_is_cut_though_the_next_one_began_to_sound_before_that_was_told(talk: Talk) -> None:
    talk.says("One two three.", "Four five.", words=2)
    cut = talk.reply
    talk.narrator.typed("go on")
    talk.says("Three.", "Four five.", words=1)
    talk.tells_late(cut, 2)
    first, _, second = talk.view.record.lines
    assert (first.heard, first.unheard) == ("One two", " three. Four five.")
    assert (second.heard, second.unheard) == ("Three.", "")


def test_a_reply_is_cut_though_it_began_to_sound_before_the_end_of_the_turn_was_told(talk: Talk) -> None:
    talk.opens()
    talk.words("Where is it?", final=True)
    talk.says("Over there.", words=1)
    talk.closes()
    talk.ducks()
    talk.stops()
    assert talk.view.record.lines[1].unheard == " there."


def test_what_is_known_of_the_rest_of_a_reply_is_struck(talk: Talk) -> None:
    talk.says("One two three.", "Four five.", words=2)
    talk.ducks()
    talk.stops()
    said = talk.view.record.lines[0]
    assert (said.heard, said.unheard, said.cut) == ("One two", " three. Four five.", "142 ms")
    talk.narrator.tick()
    assert talk.lines == ["Interject", "One two three. Four five."]


def test_a_false_stop_takes_the_words_back_and_says_so_once(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    stop = talk.stops()
    talk.opens(Cause.WENT_ON)
    talk.words("", "okay")
    talk.drops()
    talk.resumes(stop)
    talk.resumes(stop)
    talk.says("One two three.", words=1)
    reply = ["Interject", "One two three."]
    assert talk.lines == [*reply, "▲  “okay” at 12:04:12: went on", *reply]


def test_a_false_stop_without_words(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    stop = talk.stops()
    talk.resumes(stop)
    assert talk.lines[-1] == "▲  No words at 12:04:12: went on"


def test_one_that_is_told_when_it_has_already_gone_on_cuts_nothing_there(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    stop = talk.stops()
    talk.says("One two three four.", words=1)
    talk.resumes(stop)
    assert [said.heard for said in talk.view.record.lines] == ["One two", "One two three four."]


def test_a_second_false_stop_says_that_it_waits(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    talk.waits(talk.stops())
    assert talk.lines[-1] == "▲  No words at 12:04:12: waits"


def test_words_over_a_protected_sentence_stay_until_it_is_over(talk: Talk) -> None:
    talk.says("One two three.", words=1)
    talk.ducks()
    talk.words("Wait,", "how")
    talk.keeps()
    assert talk.lines[-1] == "Wait, how"
    talk.stops(Cause.SENTENCE_OVER)
    talk.opens(Cause.WENT_ON)
    talk.words("Wait, how many?", final=True)
    talk.closes()
    assert talk.lines[-1] == "Wait, how many?"


def test_a_closed_turn_without_words_is_taken_back_when_the_reply_is_resumed(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    stop = talk.stops()
    talk.opens(Cause.WENT_ON)
    talk.closes(400)
    assert talk.lines[-1] == "(spoke for 0.40 s)"
    talk.resumes(stop)
    assert [said.who for said in talk.view.record.lines] == ["interject"]


def test_who_speaks_on_before_an_answer_says_one_thing(talk: Talk) -> None:
    talk.opens()
    talk.words("Where is", final=True)
    talk.closes()
    talk.gives_up()
    talk.opens()
    talk.words("", "the station")
    assert talk.lines == ["You", "Where is the station"]
    talk.words("the station?", final=True)
    talk.closes()
    talk.says("Over there.", words=1)
    assert talk.lines == ["You", "Where is the station?", "Interject", "Over there."]
    talk.opens()
    talk.words("Thanks.", final=True)
    assert talk.lines[-2:] == ["You", "Thanks."]


def test_what_they_said_before_stays_when_the_second_part_was_nothing(talk: Talk) -> None:
    talk.opens()
    talk.words("Where is it?", final=True)
    talk.closes()
    talk.gives_up()
    talk.opens()
    talk.words("", "uh")
    talk.drops()
    talk.resumes()
    assert talk.lines == ["You", "Where is it?"]
    talk.gives_up()
    talk.opens()
    talk.words("The station.", final=True)
    assert talk.lines == ["You", "Where is it? The station."]


def test_without_words_the_times_add_up(talk: Talk) -> None:
    talk.opens()
    talk.closes(1000)
    talk.gives_up()
    talk.opens()
    talk.closes(500)
    assert talk.lines == ["You", "(spoke for 1.5 s)"]


def test_esc_takes_back_words_that_were_coming_in(talk: Talk) -> None:
    talk.says("One two three.", words=2)
    talk.ducks()
    talk.words("", "uh")
    talk.stops(Cause.STOP_PRESSED)
    assert talk.lines == ["Interject", "One two three."]


def test_a_reply_that_never_sounds_is_never_shown(talk: Talk) -> None:
    talk.opens()
    talk.words("Where is it?", final=True)
    talk.reply = Reply(7)
    talk.reply.begin(Phrase("Over there.", "answer", ""))
    talk.narrator.thought(thought(1, "thrown away"))
    talk.playout.samples = 0
    talk.narrator.tick()
    assert talk.lines == ["You", "Where is it?"]


def thought(number: int, prompt: str, made: int = 0) -> Thought:
    return Thought(number, prompt, 10, 5, made, 0.2, 0.0)


def test_the_prompt_of_the_reply_that_sounded_is_kept_with_its_last_figures(talk: Talk) -> None:
    talk.narrator.thought(thought(1, "prepared and thrown away"))
    talk.narrator.thought(thought(1, "asked again"))
    talk.says("One.", "Two.", words=1)
    talk.narrator.thought(thought(1, "asked again", made=12))
    reply = talk.view.record.newest("interject")
    assert reply is not None
    kept = talk.view.thoughts.of(reply.number)
    assert kept is not None and (kept.prompt, kept.made) == ("asked again", 12)
    talk.says("Rehearsal has no prompt.", words=1)
    newest = talk.view.record.newest("interject")
    assert newest is not None and talk.view.thoughts.of(newest.number) is None


def test_the_last_fifty_prompts_are_kept(talk: Talk) -> None:
    for number in range(60):
        talk.narrator.thought(thought(number, f"prompt {number}"))
        talk.says(f"Answer {number}.", words=1)
    assert [kept.number for _, kept in talk.view.thoughts] == list(range(10, 60))


def times(number: int, **more: object) -> ReplyTimes:
    return ReplyTimes(number, 512, 90, 60, 80, 50, 20, **more)  # type: ignore[arg-type]


def test_the_times_stand_below_the_turn_they_belong_to(talk: Talk) -> None:
    talk.opens()
    talk.words("Where is it?", final=True)
    talk.closes()
    talk.says("Over there.", words=1)
    talk.narrator.times(times(1))
    talk.narrator.times(times(1, prepared=True, saved_ms=412.0, wasted=2))
    document = talk.view.page.document()
    texts = [document.findBlockByNumber(n).text() for n in range(document.blockCount())]
    assert texts[2:4] == ["Where is it?", "￼"] and texts[4].startswith("Interject")
    assert talk.view.record.lines[0].answer_ms == 812
    assert talk.narrator.prepared == Prepared(0, 0)
    talk.narrator.times(times(2, prepared=True, wasted=1))
    assert str(talk.narrator.prepared) == "2, used 1, wasted 1"


def test_times_without_anything_said_are_not_shown(talk: Talk) -> None:
    talk.narrator.times(times(1))
    assert talk.view.page.toPlainText() == ""


def test_the_wait_after_a_button_is_not_put_below_what_was_said_before(talk: Talk) -> None:
    talk.narrator.typed("tell me more")
    talk.narrator.times(times(3))
    talk.narrator.times(replace(times(0), device_ms=500))
    assert talk.view.record.lines[0].answer_ms == 812


def test_typed_lines_stand_as_they_were_written(talk: Talk) -> None:
    talk.narrator.typed("go on")
    talk.narrator.times(times(1))
    assert talk.lines == ["You", "go on"]
    assert talk.view.record.lines[0].answer_ms == 812


def test_a_reply_is_cut_above_the_line_that_was_typed_over_it(talk: Talk) -> None:
    talk.says("One two three.", "Four five six.", "Seven.", "Eight nine.", words=6)
    talk.narrator.typed("go on")
    talk.heard(8)
    talk.stops(Cause.ASKED)
    talk.says("Nine.", words=1)
    cut = "One two three. Four five six. Seven. Eight nine."
    assert talk.lines == ["Interject", cut, "You", "go on", "Interject", "Nine."]
    assert talk.view.record.lines[0].unheard == " nine."
