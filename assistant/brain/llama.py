"""A GGUF model in llama.cpp: tokens in, tokens out, cancelled at once, and what its KV cache could keep."""

from __future__ import annotations

import ctypes
import logging
import os
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.brain.partner import PartnerFailed
from assistant.brain.vocabulary import Vocabulary

_log = logging.getLogger(__name__)

_BATCH = 64
"""Tokens evaluated in one call. What a cancelled prompt had reached is kept in steps of it; larger ones were no faster
on a processor, and smaller steps of the graph end sooner."""
_SOON_S = 0.035
"""A token that takes less is not interrupted: it is cancelled after it, which is soon enough."""
_ALL_LAYERS = 0x7FFFFFFF
_NO_LAYERS = 0
_ABORTED = 2
_NO_ROOM = 1
_NEVER_SEEDED = 0xFFFFFFFF
"""LLAMA_DEFAULT_SEED: llama.cpp draws one."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Tokens of a prompt. reused: still in the KV cache. evaluated: computed."""

    reused: int
    evaluated: int


class Cancelled(Exception):
    """Nobody wants the result any more. The model can be used again at once."""


class LanguageModel:
    """The newest sequence of tokens stays in the KV cache. Owned by the thinking thread.

    llama.cpp's own interface, not the class Llama: that one keeps a row of the whole vocabulary for each token of a
    batch in memory, and does not say what it reused.
    """

    def __init__(self, path: Path, context_tokens: int, gpu_layers: int) -> None:
        """gpu_layers: -1 for all where there is a graphics card, and none if that fails.

        Raises PartnerFailed.
        """
        _look_at(path)
        import llama_cpp  # ~0.2 s

        self._library: Any = llama_cpp
        automatic = gpu_layers < 0 and llama_cpp.llama_supports_gpu_offload()
        try:
            self._open(path, context_tokens, _ALL_LAYERS if gpu_layers < 0 else gpu_layers)
        except PartnerFailed as failed:
            if not automatic:
                raise
            _log.warning("%s Trying again without the graphics card.", failed)
            self._open(path, context_tokens, _NO_LAYERS)

    def _open(self, path: Path, context_tokens: int, layers: int) -> None:
        library = self._library
        complaints: list[str] = []
        with _complaints_into(complaints, library):
            library.llama_backend_init()
            of_model = library.llama_model_default_params()
            of_model.n_gpu_layers = layers
            model = library.llama_model_load_from_file(str(path).encode("utf-8"), of_model)
            if not model:
                raise PartnerFailed(_cannot_load(path, complaints))
            context = None
            try:
                if not library.llama_model_has_decoder(model) or library.llama_model_has_encoder(model):
                    raise PartnerFailed(f"{path.name} is no chat model. Choose another on the Models page.")
                trained_with = library.llama_model_n_ctx_train(model)
                wanted = min(context_tokens, trained_with) if trained_with > 0 else context_tokens
                context = library.llama_init_from_model(model, self._context_params(wanted))
                if not context:
                    raise PartnerFailed(
                        f"{path.name} found no memory for {wanted} tokens of context. "
                        "Lower Context in Settings, or choose a smaller model."
                    )
                vocabulary = Vocabulary(library, library.llama_model_get_vocab(model))
            except BaseException:
                if context:
                    library.llama_free(context)
                library.llama_model_free(model)
                raise
        self._context, self._memory = context, library.llama_get_memory(context)
        self._model = model
        self.close = weakref.finalize(self, _free, library, context, model)
        """Gives the memory back; by itself when nobody knows the model any more."""
        self.vocabulary = vocabulary
        self.context_tokens = wanted
        self.name = self._meta("general.name") or path.stem
        template = library.llama_model_chat_template(model, None)
        self.template: str | None = template.decode("utf-8", "replace") if template else None
        self._held: list[int] = []
        """The tokens in the KV cache."""
        self._asked = asked = _Asked()
        self._abort = library.ggml_abort_callback(lambda _: asked.cancelled())
        """llama.cpp asks it after each node of its graph, on this thread; it must live as long as the context."""
        self._no_abort = library.ggml_abort_callback()
        self._asks = False
        self._token_s = _SOON_S
        """What the newest single token took."""

    def _context_params(self, context_tokens: int) -> Any:
        params = self._library.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = min(_BATCH, context_tokens)
        params.n_threads = params.n_threads_batch = max(1, _cores() - 1)  # the last one belongs to the sound
        return params

    def _meta(self, key: str) -> str:
        value = ctypes.create_string_buffer(256)
        length = self._library.llama_model_meta_val_str(self._model, key.encode(), value, len(value))
        return value.value.decode("utf-8", "replace").strip() if length > 0 else ""

    def holds(self, tokens: Sequence[int]) -> bool:
        """Whether the KV cache begins with `tokens`."""
        return self._held[: len(tokens)] == list(tokens)

    def evaluate(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> Evaluated:
        """The KV cache holds exactly `tokens`, at least one, and the next one can be drawn.

        Raises Cancelled; what was evaluated before that is kept. Raises PartnerFailed.
        """
        same = next((i for i, (a, b) in enumerate(zip(self._held, tokens, strict=False)) if a != b), None)
        if same is None:
            same = min(len(self._held), len(tokens))
        reused = self._keep(min(same, len(tokens) - 1))  # the last one is needed for what follows it
        for start in range(reused, len(tokens), _BATCH):
            self._decode(tokens[start : start + _BATCH], cancelled)
        return Evaluated(reused, len(tokens) - reused)

    def generate(self, temperature: float, cancelled: Callable[[], bool]) -> Iterator[int]:
        """The tokens that follow what was evaluated, each drawn as it is asked for; ends where the model ends.

        Raises Cancelled, and PartnerFailed.
        """
        sampler = self._sampler(temperature)
        try:
            while len(self._held) < self.context_tokens:
                if cancelled():
                    raise Cancelled
                token = int(self._library.llama_sampler_sample(sampler, self._context, -1))
                if self.vocabulary.ends_generation(token):
                    return
                yield token
                self._decode([token], cancelled)
        finally:
            self._library.llama_sampler_free(sampler)

    def _sampler(self, temperature: float) -> Any:
        """llama.cpp's own chain: it goes over the vocabulary without holding the interpreter."""
        library = self._library
        chain = library.llama_sampler_chain_init(library.llama_sampler_chain_default_params())
        if temperature <= 0:
            links = [library.llama_sampler_init_greedy()]
        else:
            links = [
                library.llama_sampler_init_top_k(40),  # this and the next two: the defaults of llama.cpp
                library.llama_sampler_init_top_p(0.95, 1),
                library.llama_sampler_init_min_p(0.05, 1),
                library.llama_sampler_init_temp(temperature),
                library.llama_sampler_init_dist(_NEVER_SEEDED),
            ]
        for link in links:
            library.llama_sampler_chain_add(chain, link)
        return chain

    def _decode(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> None:
        if cancelled():
            raise Cancelled
        before = len(self._held)
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        self._let_it_ask(len(tokens) > 1 or self._token_s >= _SOON_S)
        self._asked.cancelled = cancelled
        began = time.perf_counter()
        try:
            outcome = self._library.llama_decode(
                self._context, self._library.llama_batch_get_one(array, len(tokens))
            )
        finally:
            self._asked.cancelled = _never
        if outcome == 0:
            self._held.extend(tokens)
            if len(tokens) == 1:
                self._token_s = time.perf_counter() - began
            return
        self._keep(before)
        if outcome == _ABORTED:
            raise Cancelled
        if outcome == _NO_ROOM:
            raise PartnerFailed("The language model's context is full. Raise Context in Settings.")
        raise PartnerFailed(
            f"The language model could not compute its answer (llama.cpp: {outcome}). "
            "Choose another on the Models page, or a smaller one."
        )

    def _let_it_ask(self, asks: bool) -> None:
        """Whether llama.cpp asks inside its work, hundreds of times, each time with the interpreter in its hand."""
        if asks != self._asks:
            callback = self._abort if asks else self._no_abort
            self._library.llama_set_abort_callback(self._context, callback, None)
            self._asks = asks

    def _keep(self, count: int) -> int:
        """Forget all but the first tokens. Returns how many are left: none where the model cannot forget a part."""
        removed = self._library.llama_memory_seq_rm(self._memory, 0, count, -1)
        if not removed and count < len(self._held):  # recurrent models have one state, not one for each token
            self._library.llama_memory_clear(self._memory, True)
            count = 0
        del self._held[count:]
        return count


def _never() -> bool:
    return False


class _Asked:
    """Whom llama.cpp asks whether to go on. Apart from the model, which its own callback would keep alive."""

    def __init__(self) -> None:
        self.cancelled: Callable[[], bool] = _never


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free(library: Any, context: Any, model: Any) -> None:
    library.llama_free(context)
    library.llama_model_free(model)


def _look_at(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise PartnerFailed(
            f"The language model {path} cannot be read ({error.strerror}). Choose another on the Models page."
        ) from error
    if magic != b"GGUF":
        raise PartnerFailed(f"{path} is no GGUF file. Choose another model on the Models page.")


def _cannot_load(path: Path, complaints: Sequence[str]) -> str:
    reasons = [line.rsplit("error loading model: ", 1)[-1] for line in complaints if "error loading" in line]
    why = f": {reasons[0].rstrip('.')}" if reasons else ""
    return f"{path.name} cannot be loaded{why}. Choose another model on the Models page."


@contextmanager
def _complaints_into(lines: list[str], library: Any) -> Iterator[None]:
    """Keeps llama.cpp's warnings and errors, and everything else it logs off the terminal, then and later."""
    from llama_cpp import _logger as its_log

    def note(level: int, text: bytes, _: Any) -> None:
        line = text.decode("utf-8", "replace").strip()
        if level in (3, 4) and line:  # GGML_LOG_LEVEL_WARN, GGML_LOG_LEVEL_ERROR; the package numbers them wrongly
            lines.append(line)
            _log.debug("llama.cpp: %s", line)

    its_log.logger.setLevel(logging.CRITICAL + 1)
    noting = library.llama_log_callback(note)  # llama.cpp keeps no reference
    library.llama_log_set(noting, None)
    try:
        yield
    finally:
        library.llama_log_set(its_log.llama_log_callback, None)
