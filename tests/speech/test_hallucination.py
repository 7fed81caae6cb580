"""What somebody said passes, what Whisper made up does not."""

import pytest

from assistant.speech.hallucination import Doubt, Transcript, doubt, is_said_in, is_sure, without_loop


def transcript(text: str, avg_logprob: float = -0.2, p_no_speech: float = 0.05, seconds: float = 5.0) -> Transcript:
    return Transcript(text, avg_logprob, p_no_speech, seconds)


@pytest.mark.parametrize(
    "said",
    [
        transcript(" What's the weather like tomorrow?"),
        transcript(" Stop.", avg_logprob=-0.9, p_no_speech=0.5),
        transcript(" No, no, no!"),
        transcript(" Thank you."),
        transcript("你好吗"),
        transcript(" run.", avg_logprob=-0.93, p_no_speech=0.66),
    ],
)
def test_speech_passes(said: Transcript) -> None:
    assert doubt(said) is None


@pytest.mark.parametrize(
    ("made_up", "why"),
    [
        (transcript("  . "), Doubt.EMPTY),
        (transcript(""), Doubt.EMPTY),
        (transcript(" Okay, let's do it.", avg_logprob=-1.4, p_no_speech=0.76), Doubt.NO_SPEECH),
        (transcript(" I'm gonna be right back.", avg_logprob=-1.98, p_no_speech=0.4), Doubt.GUESSED),
        (transcript(" I'm not sure." * 12, p_no_speech=0.1, seconds=28), Doubt.LOOP),
        (transcript(" A" + "H" * 90, p_no_speech=0.1), Doubt.LOOP),
        (transcript(" This sentence has far more words than anybody could say", seconds=0.8), Doubt.TOO_FAST),
        (transcript(" Thank you!", avg_logprob=-0.9, p_no_speech=0.2), Doubt.GHOST),
        (transcript(" Thank you.", p_no_speech=0.5), Doubt.GHOST),
        (transcript("Untertitelung des ZDF", avg_logprob=-0.6), Doubt.GHOST),
    ],
)
def test_what_was_made_up_does_not(made_up: Transcript, why: Doubt) -> None:
    assert doubt(made_up) is why


def test_interjects_own_words_are_nobodys_words() -> None:
    own = "The oldest known recipe for bread comes from Egypt, where bakers used wild yeast."
    assert doubt(transcript(" known recipe for bread comes"), own) is Doubt.OWN_WORDS
    assert doubt(transcript(" No, recipe for bread comes from Egypt."), own) is Doubt.OWN_WORDS
    assert doubt(transcript(" Wait, what about bread from Rome?"), own) is None
    assert doubt(transcript(" known recipe for bread comes"), "") is None


def test_a_word_of_interjects_may_be_said_back() -> None:
    own = "Shall we meet on Tuesday or on Friday?"
    assert doubt(transcript(" On Friday."), own) is None
    assert doubt(transcript(" On Friday.", avg_logprob=-0.8), own) is Doubt.OWN_WORDS


def test_own_words_are_found_in_their_order_only() -> None:
    assert is_said_in("one two three", "zero one two three four")
    assert not is_said_in("three two one", "zero one two three four")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" Mental error. Mental error. Mental error. Mental", "Mental error."),
        (" a b c, a b c, a b c", "a b c,"),
        (" So I said no no no", " So I said no no no"),
        (" So I said no no no no no no", "So I said no"),
        (" It is fine. It is fine.", " It is fine. It is fine."),
        ("", ""),
    ],
)
def test_a_loop_is_said_once(text: str, kept: str) -> None:
    assert without_loop(text) == kept


def test_a_short_window_is_trusted_only_where_nothing_speaks_against_it() -> None:
    assert is_sure(transcript(" What's the weather like?"))
    assert not is_sure(transcript(" What's the weather like?", avg_logprob=-0.6))
    assert not is_sure(transcript(" What's the weather like?", p_no_speech=0.4))
    assert not is_sure(transcript(" He's distraught. He's distraught."))
    assert not is_sure(transcript(""))
