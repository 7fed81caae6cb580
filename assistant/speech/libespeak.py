"""The C library of eSpeak NG, found inside the installed packages and called through ctypes."""

from __future__ import annotations

import ctypes
import importlib.util
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.speech.voice import VoiceFailed

LOCK = threading.Lock()
"""The library keeps one voice, one callback and one state a process: hold this during every call."""

BUFFER_MS = 60
BREATH_SEED = 1
RATE, PITCH = 1, 3  # espeak_PARAMETER in speak_lib.h
WORD, END = 1, 5  # espeak_EVENT_TYPE
_LIST_TERMINATED = 0
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: no sound device, the callback is called by espeak_Synth itself
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: else missing data ends the whole process
_POSITION_CHARACTERS = 1  # POS_CHARACTER
_UTF8 = 1  # espeakCHARS_UTF8


class _Identity(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    )


class _Voice(ctypes.Structure):
    """espeak_VOICE of speak_lib.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Heading:
    """A position that the synthesiser reports. at: character of the text from 0. sample: from the text's start."""

    kind: int
    at: int
    sample: int


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """code: the language, such as "en-gb", by which a voice is asked for. name: for reading. file: its identifier."""

    code: str
    name: str
    file: str


Receive = Callable[[npt.NDArray[np.int16], tuple[Heading, ...]], bool]


class LibEspeak:
    """One initialised library. Every method is called with LOCK held."""

    def __init__(self, library: Path, data: Path) -> None:
        """Raises VoiceFailed where the library or its data cannot be used."""
        try:
            self._c = ctypes.CDLL(str(library))
            self._c.espeak_ListVoices.argtypes = (ctypes.c_void_p,)
            self._c.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
            self._c.espeak_SetSynthCallback.restype = None
            self._seed = getattr(self._c, "espeak_ng_SetRandSeed", None)  # from 1.52 on
        except (OSError, AttributeError) as error:
            raise VoiceFailed(f"{library} cannot be used as eSpeak NG ({error}). Install piper-tts again.") from error
        self.data = data
        self.rate: int = self._c.espeak_Initialize(_SYNCHRONOUS, BUFFER_MS, str(data).encode(), _DONT_EXIT)
        if self.rate <= 0:
            raise VoiceFailed(f"eSpeak NG finds no data in {data}. Install piper-tts again.")
        self._receive: Receive | None = None
        self._failure: BaseException | None = None
        self._voices: tuple[InstalledVoice, ...] = ()
        self._callback = _CALLBACK(self._hand_over)  # kept: C holds no reference

    def voices(self) -> tuple[InstalledVoice, ...]:
        """All voices, in the library's order (by language). The first call reads every voice's file, some 10 ms."""
        self._voices = self._voices or tuple(self._list())
        return self._voices

    def _list(self) -> Iterator[InstalledVoice]:
        listed = self._c.espeak_ListVoices(None)
        index = 0
        while listed[index]:
            voice = listed[index].contents
            # Each language is a priority byte and a name; the list's first is the voice's own.
            code = ctypes.string_at(voice.languages + 1).decode()
            yield InstalledVoice(code, voice.name.decode(), voice.identifier.decode())
            index += 1

    def variants(self) -> tuple[str, ...]:
        """Names that may follow a "+", such as "f3"."""
        return tuple(sorted(path.name for path in (self.data / "voices" / "!v").glob("*")))

    def choose(self, file: str) -> bool:
        """Use this voice (its `file`, perhaps with "+variant"). False where it cannot be loaded."""
        return bool(self._c.espeak_SetVoiceByName(file.encode()) == 0)

    def set(self, parameter: int, value: int) -> None:
        self._c.espeak_SetParameter(parameter, value, 0)

    def synthesise(self, text: str, receive: Receive) -> None:
        """Speak `text`; `receive` gets each (n,) int16 buffer at `rate`, n ≤ BUFFER_MS or 0, with its headings.

        `receive` returning False aborts at once. What it raises is raised here. Raises VoiceFailed.
        """
        encoded = text.replace("\0", " ").encode("utf-8", errors="replace")
        self._receive, self._failure = receive, None
        # Set anew each time: the phonemiser of a Piper voice shares this library and clears the callback.
        self._c.espeak_SetSynthCallback(self._callback)
        if self._seed is not None:  # breath is noise, seeded by the clock
            self._seed(ctypes.c_long(BREATH_SEED))
        try:
            status = self._c.espeak_Synth(
                encoded, ctypes.c_size_t(len(encoded) + 1), 0, _POSITION_CHARACTERS, 0, _UTF8, None, None
            )
        finally:
            self._receive = None
        if self._failure is not None:
            raise self._failure
        if status != 0:
            raise VoiceFailed(f"eSpeak NG could not speak this phrase (status {status}). Choose another voice.")

    def _hand_over(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        assert self._receive is not None
        try:
            sound = np.frombuffer(ctypes.string_at(samples, 2 * count) if count and samples else b"", dtype=np.int16)
            return 0 if self._receive(sound, tuple(_headings(events))) else 1
        except BaseException as error:  # nothing may pass through C; synthesise() raises it
            self._failure = error
            return 1


def _headings(events: ctypes._Pointer[_Event]) -> Iterator[Heading]:
    index = 0
    while events[index].type != _LIST_TERMINATED:
        event = events[index]
        if event.type == WORD:
            yield Heading(WORD, event.text_position - 1, event.sample)
        elif event.type == END:
            yield Heading(END, event.text_position, event.sample)
        index += 1


@cache
def library() -> LibEspeak:
    """The process's one library, loaded at the first call (with LOCK held). Raises VoiceFailed.

    piper-tts carries it whole on Linux; elsewhere its module exports nothing, and espeakng-loader has it.
    """
    refused: VoiceFailed | None = None
    for path, data in _places():
        try:
            return LibEspeak(path, data)
        except VoiceFailed as failure:
            refused = failure
    raise refused or VoiceFailed("eSpeak NG is not installed. Run: pip install piper-tts espeakng-loader")


def _places() -> Iterator[tuple[Path, Path]]:
    piper = importlib.util.find_spec("piper")  # not imported: that would initialise the library its own way
    if piper is not None and piper.origin is not None:
        folder = Path(piper.origin).parent
        for bridge in sorted((*folder.glob("espeakbridge*.so"), *folder.glob("espeakbridge*.pyd"))):
            yield bridge, folder / "espeak-ng-data"
    if importlib.util.find_spec("espeakng_loader") is not None:
        loader = importlib.import_module("espeakng_loader")
        yield Path(loader.get_library_path()), Path(loader.get_data_path())
