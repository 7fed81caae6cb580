"""Speaking and detecting cost no heavy import."""

import subprocess
import sys

PROGRAM = """
import sys
import numpy as np
from assistant.speech.espeak import EspeakVoice
from assistant.speech.silero import SileroVad
EspeakVoice().speak("One.", lambda chunk: True)
SileroVad()(np.zeros(512, np.float32))
print(*sorted({"torch", "piper", "silero_vad", "PySide6"} & set(sys.modules)))
"""


def test_neither_torch_nor_piper_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
