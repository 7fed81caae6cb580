"""A whole conversation with real models, as a program: `python -m tests.workers.whole_conversation FOLDER`.

Run by test_offline.py where there is no network. Prints what was said and answered.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from assistant.turns.states import State
from tests.tiny.gguf import make_gguf
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper
from tests.workers.talk import Talk


def main(folder: Path) -> None:
    app = QCoreApplication([])
    talk = Talk(
        real=True,
        ears__model=str(make_whisper(folder / "whisper", "tell me more")),
        brain__model=str(make_gguf(folder / "mind.gguf", "Ships come in, and boats go out again.")),
        voice__model=str(make_voice(folder / "voice.onnx")),
    )
    talk.speaks(1500).until_spoken(800).speaks(1500)
    talk.until(lambda: talk.state is State.SPEAKING).until(lambda: talk.state is State.LISTENING, at_most_s=60)
    print(talk.words[-1].text, "|", talk.answer, "|", talk.failures)
    talk.session.end()
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]))
