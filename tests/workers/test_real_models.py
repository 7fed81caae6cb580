"""A session with a real recogniser, a real language model and a real voice, each a few kilobytes and of known words."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest

from assistant.turns.facts import StopPressed
from assistant.turns.states import State
from tests.tiny.gguf import make_gguf
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper
from tests.workers.talk import Talk

Begin = Callable[..., Talk]
SAID = "tell me about the harbour"
ANSWER = (
    "Ships come in with the tide, and boats go out again. Every morning people carry fish along this quay, while gulls "
    "wait above. Later my old lighthouse turns on its lamp, then night falls over quiet water."
)
STORMS = 500


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The knobs that choose them."""
    folder = tmp_path_factory.mktemp("models")
    return {
        "ears__model": str(make_whisper(folder / "whisper", SAID)),
        "brain__model": str(make_gguf(folder / "mind.gguf", ANSWER)),
        "voice__model": str(make_voice(folder / "voice.onnx")),
    }


@pytest.fixture
def real(talk: Begin, models: dict[str, str]) -> Iterator[Begin]:
    yield lambda **knobs: talk(real=True, **{**models, **knobs})


def test_what_is_said_is_understood_answered_and_spoken(real: Begin) -> None:
    told = real().speaks(1500)
    told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING, at_most_s=60)
    assert told.words[-1].text == SAID
    assert told.answer == ANSWER
    assert told.thoughts[0].prompt.count(SAID) == 1
    assert told.failures == []


def test_the_model_is_told_where_it_was_cut(real: Begin) -> None:
    told = real().speaks(1500)
    told.until_spoken(4000).speaks(1500)
    told.until(lambda: told.state is State.SPEAKING and told.thoughts[-1].number != told.thoughts[0].number)
    prompt = told.thoughts[-1].prompt
    cut = next(episode for episode in told.news.values() if episode.outcome == "stopped")
    assert f"assistant\n{cut.heard}" in prompt
    assert ANSWER not in prompt
    assert prompt.count(cut.cut.strip(" ,.").split(".")[0]) == 1, "what was not said is told, once"


def test_five_hundred_interruptions_leave_nothing_behind(real: Begin) -> None:
    told = real(endpointing__silence_ms=192, endpointing__prepare_ms=96)
    chance, process = random.Random(5), psutil.Process()
    told.session.ask("begin")
    memory = []
    for storm in range(STORMS):
        match chance.randrange(4):
            case 0:
                told.session.ask(f"line {storm % 7}")
            case 1:
                told.session.signal(StopPressed())
            case 2:
                told.speaks(chance.choice([40, 200, 400]))
            case _:
                told.until(lambda: told.state is not State.HEARING, at_most_s=2)
        told.quiet(chance.choice([0, 10, 50, 300]))
        told.forget_all()
        if storm == STORMS // 2:
            threads = threading.active_count()
        if storm >= STORMS // 2:
            memory.append(process.memory_info().rss)
    grown = max(memory[-50:]) / max(memory[:50])
    print(f"\n{STORMS} interruptions: memory x {grown:.4f} over the second half, {max(memory) / 1e6:.0f} MB at most")
    assert threading.active_count() == threads
    assert grown <= 1.02
    told.session.signal(StopPressed())
    told.quiet(400)
    told.session.ask("and now")
    told.until(lambda: told.state is State.SPEAKING)
    told.until(lambda: told.state is State.LISTENING, at_most_s=60)
    assert told.answer == ANSWER, "the model answers as if nothing had happened"
    assert told.failures == []
