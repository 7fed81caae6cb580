"""The whole recogniser, on real models that always hear the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.settings import sections
from assistant.speech.ears import EARS_RATE, Around, Ears, EarsFailed, Following, Heard
from assistant.speech.whisper import WhisperEars, model_name
from tests.tiny.whisper import make_whisper

Audio = npt.NDArray[np.float32]
SENTENCE = "turn on every light upstairs"


def sound(seconds: float) -> Audio:
    rng = np.random.default_rng(1)
    return (0.1 * rng.standard_normal(int(seconds * EARS_RATE))).astype(np.float32)


def never() -> bool:
    return False


def after(questions: int) -> Callable[[], bool]:
    """Cancelled once it has been asked so many times."""
    asked = iter(range(questions))
    return lambda: next(asked, None) is None


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whisper(tmp_path_factory.mktemp("whisper") / "faster-whisper-tiny.en", SENTENCE)


@pytest.fixture(scope="session")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whisper(tmp_path_factory.mktemp("whisper") / "tiny", "mach das Licht an", language="de")


@pytest.fixture
def ears(english: Path) -> WhisperEars:
    return WhisperEars(english, sections.Ears())


def test_hears_the_words_of_an_utterance(ears: WhisperEars) -> None:
    as_protocol: Ears = ears
    assert as_protocol.name == "Whisper tiny.en"
    assert ears.hear(sound(3), Around(), never) == Heard(SENTENCE, 3.0, True)


@pytest.mark.parametrize("seconds", [0, 0.001, 0.2, 29.9])
def test_any_length_can_be_heard(seconds: float, ears: WhisperEars) -> None:
    assert ears.hear(sound(seconds), Around(), never).seconds == pytest.approx(seconds, abs=1e-4)


def test_a_long_utterance_is_heard_in_windows(ears: WhisperEars) -> None:
    assert ears.hear(sound(70), Around(), never).text == " ".join([SENTENCE] * 3)


def test_a_prompt_leaves_the_words_as_they_are(ears: WhisperEars) -> None:
    around = Around(prompt="Ada and Grace, " * 100)
    assert ears.hear(sound(3), around, never).text == SENTENCE


def test_a_cancelled_pass_gives_what_it_has(ears: WhisperEars) -> None:
    assert ears.hear(sound(3), Around(), after(0)) == Heard("", 3.0, None)
    assert ears.hear(sound(3), Around(), after(1)) == Heard("", 3.0, None)  # between encoder and decoder
    assert ears.hear(sound(70), Around(), after(2)) == Heard(SENTENCE, 70.0, True)  # between the windows


@pytest.mark.parametrize("live", ["short", "full"])
def test_follows_a_growing_utterance(live: str, english: Path) -> None:
    ears = WhisperEars(english, sections.Ears.model_validate({"live": live}))
    assert ears.follow(1, sound(2), Around(), never) == Following("", SENTENCE)
    assert ears.follow(1, sound(2.5), Around(), never) == Following("turn on every light", "upstairs")


def test_another_utterance_begins_anew(ears: WhisperEars) -> None:
    ears.follow(1, sound(2), Around(), never)
    ears.follow(1, sound(2.5), Around(), never)
    assert ears.follow(2, sound(2), Around(), never) == Following("", SENTENCE)


def test_a_cancelled_look_gives_what_it_had(ears: WhisperEars) -> None:
    ears.follow(1, sound(2), Around(), never)
    for questions in (0, 1):
        assert ears.follow(1, sound(3), Around(), after(questions)) == Following("", SENTENCE)


def test_does_not_follow_where_that_is_off_and_takes_new_settings_with_the_next_utterance(ears: WhisperEars) -> None:
    assert ears.follow(1, sound(2), Around(), never) is not None
    ears.configure(sections.Ears(live="off"))
    assert ears.follow(1, sound(3), Around(), never) is not None
    assert ears.follow(2, sound(2), Around(), never) is None


def test_its_own_words_are_no_words(ears: WhisperEars) -> None:
    around = Around(own_words="I could turn on every light upstairs for you.")
    assert ears.hear(sound(3), around, never) == Heard("", 3.0, False)


@pytest.mark.parametrize(
    ("words", "sure", "no_speech"),
    [("", 1, True), ("thank you", 0.3, True), (SENTENCE, 0.18, False), ("so it went...", 1, False)],
    ids=["nothing", "ghost", "guessed", "loop"],
)
def test_noise_has_no_words(words: str, sure: float, no_speech: bool, tmp_path: Path) -> None:
    ears = WhisperEars(make_whisper(tmp_path, words, sure=sure, no_speech=no_speech), sections.Ears())
    assert ears.hear(sound(10), Around(), never) == Heard("", 10.0, False)


def test_a_loop_is_followed_as_if_said_once(tmp_path: Path) -> None:
    ears = WhisperEars(make_whisper(tmp_path, "so it went..."), sections.Ears())
    assert ears.follow(1, sound(4), Around(), never) == Following("", "so it went")


@pytest.mark.parametrize("seconds", [1, 5, 14, 20])
def test_a_quick_pass_hears_the_same(seconds: float, english: Path) -> None:
    quick = WhisperEars(english, sections.Ears(final="quick"))
    assert quick.hear(sound(seconds), Around(), never).text == SENTENCE


def test_a_quick_pass_that_is_not_sure_takes_the_full_window(tmp_path: Path) -> None:
    quick = WhisperEars(make_whisper(tmp_path, SENTENCE, sure=0.22), sections.Ears(final="quick"))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return False

    assert quick.hear(sound(4), Around(), cancelled).text == SENTENCE
    assert asked == 5  # before each of two windows, between their encoder and decoder, and before a wider search


def test_finds_out_the_language(german: Path) -> None:
    ears = WhisperEars(german, sections.Ears())
    assert ears.hear(sound(3), Around(), never).text == "mach das Licht an"
    assert ears.language == "de"
    ears.follow(1, sound(3), Around(), never)
    assert ears.language == "de"


def test_a_chosen_language_is_taken(german: Path) -> None:
    ears = WhisperEars(german, sections.Ears(language="FR"))
    ears.hear(sound(3), Around(), never)
    assert ears.language == "fr"


def test_a_language_that_is_none_is_refused(german: Path, english: Path) -> None:
    with pytest.raises(EarsFailed, match="“klingon”"):
        WhisperEars(german, sections.Ears(language="klingon"))
    assert WhisperEars(english, sections.Ears(language="klingon")).hear(sound(1), Around(), never).has_words


def test_a_card_that_is_not_there_is_refused(english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    with pytest.raises(EarsFailed, match="Recognise on"):
        WhisperEars(english, sections.Ears(device="cuda"))


def test_automatic_takes_the_processor_where_the_card_fails(english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)  # and no library to use it with
    assert WhisperEars(english, sections.Ears()).hear(sound(1), Around(), never).text == SENTENCE


def without(name: str, folder: Path) -> None:
    (folder / name).unlink()


def truncated(name: str, folder: Path) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:1000])


@pytest.mark.parametrize("breaks", [without, truncated])
@pytest.mark.parametrize("name", ["config.json", "model.bin", "vocabulary.json"])
def test_a_broken_folder_is_refused(name: str, breaks: Callable[[str, Path], None], tmp_path: Path) -> None:
    make_whisper(tmp_path, SENTENCE)
    if (breaks, name) == (truncated, "config.json"):
        (tmp_path / name).write_text("{")
    else:
        breaks(name, tmp_path)
    with pytest.raises(EarsFailed, match="Models page"):
        WhisperEars(tmp_path, sections.Ears())


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EarsFailed, match="config"):
        WhisperEars(tmp_path / "nowhere", sections.Ears())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("models/tiny.en", "tiny.en"),
        ("models/faster-whisper-base", "base"),
        ("hub/models--Systran--faster-whisper-small.en/snapshots/d1e2", "small.en"),
        ("hub/models--Systran--faster-distil-whisper-large-v3/snapshots/d1e2", "distil-large-v3"),
        ("whisper-large-v3-turbo-ct2", "large-v3-turbo"),
    ],
)
def test_is_named_after_its_model(path: str, name: str) -> None:
    assert model_name(Path(path)) == name
