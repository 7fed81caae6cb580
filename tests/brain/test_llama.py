"""llama.cpp behind its adapter: what it keeps, what it gives back, and that a cancelled model is a good one."""

import gc
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import psutil
import pytest

from assistant.brain.llama import Cancelled, Evaluated, LanguageModel
from assistant.brain.partner import PartnerFailed
from assistant.brain.runs import Run, Segment
from tests.tiny.gguf import CHATML, make_gguf

WORDS = "Grüße, Ærøskøbing! 你好 and 😀 then"


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_gguf(tmp_path_factory.mktemp("models") / "tiny.gguf", WORDS)


@pytest.fixture
def model(gguf: Path) -> LanguageModel:
    return LanguageModel(gguf, 512, -1)


def never() -> bool:
    return False


def prompt(model: LanguageModel, text: str) -> list[int]:
    return model.vocabulary.tokens([Segment(Run(text), trusted=True)])


def continued(model: LanguageModel, tokens: list[int], most: int = 100) -> str:
    model.evaluate(tokens, never)
    pieces = islice(model.generate(0.0, never), most)
    return b"".join(model.vocabulary.piece(token) for token in pieces).decode()


def cancelled_after(questions: int) -> Callable[[], bool]:
    left = iter(range(questions))
    return lambda: next(left, None) is None


def test_it_knows_its_name_its_template_and_its_context(model: LanguageModel, gguf: Path) -> None:
    assert (model.name, model.template, model.context_tokens) == ("tiny", CHATML, 512)
    assert LanguageModel(gguf, 32768, 0).context_tokens == 2048  # more than it was trained with would be nonsense


def test_its_words_come_back_whole_whatever_their_bytes(model: LanguageModel) -> None:
    assert continued(model, prompt(model, "Hello\n")) == WORDS


def test_only_what_is_new_is_evaluated(model: LanguageModel) -> None:
    first, second = prompt(model, "Hello there\n"), prompt(model, "Hello then, and more\n")
    assert model.evaluate(first, never) == Evaluated(0, 12)
    assert model.evaluate(second, never) == Evaluated(9, 12)
    assert model.evaluate(second, never) == Evaluated(20, 1)  # the last one, for what follows it
    assert model.holds(second[:5]) and not model.holds(first)


def test_special_tokens_count_where_they_are_trusted_and_nowhere_else(model: LanguageModel) -> None:
    vocabulary = model.vocabulary
    text = "<|im_start|>user\n"
    assert [t for t in vocabulary.tokens([Segment(Run(text), trusted=True)]) if vocabulary.is_control(t)] == [3]
    typed = vocabulary.tokens([Segment(Run(text))])
    assert not any(vocabulary.is_control(token) for token in typed)
    assert b"".join(map(vocabulary.piece, typed)).decode() == text


def test_a_prompt_in_parts_has_the_tokens_of_the_whole(model: LanguageModel) -> None:
    parts = ["<|im_start|>user\n", "Hello", " there", "<|im_end|>\n<|im_start|>assistant\n"]
    segments = [Segment(Run(part), trusted="<" in part) for part in parts]
    assert model.vocabulary.tokens(segments) == prompt(model, "".join(parts))


def test_a_full_context_ends_the_answer(tmp_path: Path) -> None:
    endless = LanguageModel(make_gguf(tmp_path / "endless.gguf", "on and", end=False), 512, -1)
    endless.evaluate(prompt(endless, "x" * 500 + "\n"), never)
    assert len(list(endless.generate(0.0, never))) == 512 - 501


def test_a_model_that_does_not_talk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PartnerFailed, match=r"cannot be read"):
        LanguageModel(tmp_path, 512, -1)


@pytest.mark.parametrize("questions", [0, 1, 10, 50, 90, 130])
def test_cancelled_inside_the_evaluation_it_keeps_what_is_whole(model: LanguageModel, questions: int) -> None:
    tokens = prompt(model, "word " * 80 + "\n")
    with pytest.raises(Cancelled):
        model.evaluate(tokens, cancelled_after(questions))
    kept = model.evaluate(tokens, never)
    assert kept.reused in range(0, len(tokens), 64)
    assert continued(model, tokens) == WORDS


def test_a_storm_of_cancellations_leaves_the_state_right_and_the_memory_flat(model: LanguageModel) -> None:
    process = psutil.Process()

    def storm(rounds: int) -> None:
        for number in range(rounds):
            tokens = prompt(model, f"{number % 7} word " * (number % 9 + 1) + "\n")
            try:
                model.evaluate(tokens, cancelled_after(number * 7 % 230))
                for _ in model.generate(0.7, cancelled_after(number * 3 % 60)):
                    pass
            except Cancelled:
                continue

    storm(100)
    gc.collect()
    before = process.memory_info().rss
    storm(400)
    gc.collect()
    assert process.memory_info().rss <= 1.02 * before
    assert continued(model, prompt(model, "Hello\n")) == WORDS


def test_a_model_that_nobody_knows_gives_its_memory_back(gguf: Path) -> None:
    process = psutil.Process()
    for _ in range(25):  # until the allocator has what it wants
        LanguageModel(gguf, 2048, -1)
    gc.collect()
    before = process.memory_info().rss
    for _ in range(25):
        LanguageModel(gguf, 2048, -1)
    gc.collect()
    assert process.memory_info().rss <= 1.02 * before
