"""A model's own chat template: messages in, the parts of a prompt out, with nobody's words read as control tokens."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from assistant.brain.runs import Run, Segment, text_of

if TYPE_CHECKING:  # ~0.1 s
    from jinja2 import Template

_log = logging.getLogger(__name__)

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""For models that bring no template of their own: the most common one."""
_PLACE = re.compile("\ue000([0-9]+)\ue001")
"""Stands for a message's content while the template is rendered; private-use characters that no template has."""
_EMPTY_THOUGHT = re.compile(r"<think>\s*</think>\s*")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation, as a chat template knows them."""

    role: Literal["system", "user", "assistant"]
    content: tuple[Run, ...]


class ChatTemplate:
    """Renders in a sandbox: a model's file is a stranger's.

    Conversations alternate between user and assistant and begin with the user, as the strictest templates ask. Where a
    template knows no system role or puts it elsewhere than first, the persona goes before the person's first words.
    """

    def __init__(self, source: str | None, bos: str = "", eos: str = "") -> None:
        """source: None takes ChatML, and so does one that cannot be used."""
        self._named = {"bos_token": bos, "eos_token": eos}
        self._folds_system = False
        self._before_reply = ""
        """What the template puts between its opening of an answer and the answer, but leaves out of earlier ones."""
        if not (source and self._suits(source)):
            if source:
                _log.warning("The model's chat template cannot be used; ChatML stands in for it.")
            self._suits(CHATML)

    def _suits(self, source: str) -> bool:
        from jinja2 import TemplateError

        user, assistant = Message("user", (Run("u"),)), Message("assistant", (Run("a"),))
        system = Message("system", (Run("s"),))
        for self._folds_system in (False, True):
            try:
                self._template = _compiled(source)
                self._before_reply = ""
                opened = self.render((system, user))
                gone_on = self.render((system, user, assistant, user))
            except (TemplateError, ValueError, TypeError, LookupError, AttributeError) as error:
                _log.debug("The chat template does not take this conversation: %s", error)
                continue
            answer = next(i for i, part in enumerate(gone_on) if not part.trusted and part.run.text == "a")
            earlier = text_of(segment.run for segment in gone_on[:answer])
            opening = text_of(segment.run for segment in opened)
            extra = opening.removeprefix(earlier) if opening.startswith(earlier) else ""
            # Left where it was, an answer keeps its place in the KV cache.
            self._before_reply = extra if _EMPTY_THOUGHT.fullmatch(extra) else ""
            return True
        return False

    def render(self, messages: Sequence[Message]) -> tuple[Segment, ...]:
        """The prompt that asks for the next answer. Raises TemplateError or ValueError where the template does."""
        if self._folds_system and messages[0].role == "system":
            first = Message("user", (*messages[0].content, Run("\n\n"), *messages[1].content))
            messages = (first, *messages[2:])
        places = [
            {"role": message.role, "content": f"\ue000{index}\ue001"} for index, message in enumerate(messages)
        ]
        text = self._template.render(
            messages=places,
            add_generation_prompt=True,
            enable_thinking=False,  # nobody likes to wait for a thought that is not said
            tools=None,
            raise_exception=_raise,
            strftime_now=lambda form: datetime.now().strftime(form),
            **self._named,
        )
        parts = _PLACE.split(text)
        if parts[1::2] != [str(index) for index in range(len(messages))]:
            raise ValueError("the template leaves messages out, repeats them or changes their order")
        segments = [Segment(Run(parts[0]), trusted=True)]
        for message, after in zip(messages, parts[2::2], strict=True):
            if message.role == "assistant" and self._before_reply:
                segments.append(Segment(Run(self._before_reply), trusted=True))
            segments += [Segment(run) for run in message.content if run.text or run.tokens]
            segments.append(Segment(Run(after), trusted=True))
        return tuple(segment for segment in segments if segment.run.text or segment.run.tokens)


_TRAINING_MARK = re.compile(r"{%(-?)\s*(?:end)?generation\s*(-?)%}")
"""Of the Transformers library; a comment in its place trims the white space around it likewise."""


def _compiled(source: str) -> Template:
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # As the Transformers library sets it up, which is what templates are written for.
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = lambda value, **how: json.dumps(value, ensure_ascii=False, **how)
    return environment.from_string(_TRAINING_MARK.sub(r"{#\1 \2#}", source))


def _raise(message: str) -> Any:
    raise ValueError(message)
