"""The conversation in a terminal: what is said, and every decision with its reason."""

from __future__ import annotations

import argparse
import signal

from PySide6.QtCore import QCoreApplication, QTimer

from assistant.audio.health import SoundHealth
from assistant.audio.realtime import collect_when_idle, prepare_realtime
from assistant.lab.timeline import WORDS
from assistant.settings.notice import Notice
from assistant.settings.overrides import Effective
from assistant.turns.reasons import sentence_of
from assistant.turns.states import State
from assistant.workers.episode import Episode
from assistant.workers.failure import Failure
from assistant.workers.jobs import Understood
from assistant.workers.session import Session
from assistant.workers.turn import Decision


class Terminal:
    """Prints what a session does. Owned by the main thread."""

    def __init__(self, effective: Effective, session: Session, rehearse: bool) -> None:
        self._settings = effective.settings
        self._session = session
        self._rehearse = rehearse
        self._shown = (-1, 0)
        for notice in effective.notices:
            self.notice(notice)
        session.loaded.connect(self.loaded)
        session.failed.connect(self.failed)
        session.health.connect(self.health)
        session.decided.connect(self.decided)
        session.episode.connect(self.episode)
        session.words.connect(self.words)

    def loaded(self) -> None:
        prepare_realtime()
        if self._rehearse:
            self._session.rehearse()

    def failed(self, failure: Failure) -> None:
        print(f"! {failure.message} {failure.remedy}", flush=True)

    def notice(self, notice: Notice) -> None:
        print(f"! {notice.title}. {notice.text} {notice.remedy}", flush=True)

    def health(self, health: SoundHealth) -> None:
        if health.message:
            print(f"! {health.message} {health.remedy}", flush=True)
        elif health.state == "running":
            print(f"  Sound: {health.input_name} → {health.output_name}", flush=True)

    def decided(self, decision: Decision) -> None:
        what = WORDS[type(decision.command)].strip()
        print(f"  {what}: {sentence_of(decision.command, self._settings)}", flush=True)

    def episode(self, episode: Episode) -> None:
        if episode.outcome == "stopped" and episode.onset_to_stop_ms is not None:
            print(f"  Stopped {episode.onset_to_stop_ms:.0f} ms after your first sound.", flush=True)

    def words(self, words: Understood) -> None:
        if words.final:
            print(f"You: {words.text}", flush=True)

    def show_phrases(self) -> None:
        """Prints each phrase as it begins to sound."""
        reply = self._session.reply
        generation, shown = self._shown
        if reply.generation != generation:
            generation, shown = reply.generation, 0
        played = self._session.playout.played(reply.generation)
        for spoken in reply.phrases[shown:]:
            if played <= spoken.start:
                break
            print(f"Interject: {spoken.phrase.text}", flush=True)
            shown += 1
        self._shown = (generation, shown)


def talk(effective: Effective, arguments: argparse.Namespace) -> int:
    """Runs until Ctrl+C or the time is over. Raises OSError for an events file that cannot be written."""
    app = QCoreApplication([])
    session = Session(effective.settings, events=arguments.events)
    terminal = Terminal(effective, session, arguments.rehearse)
    session.start()
    if arguments.room:
        session.use_room()
    else:
        session.use_devices()
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    signal.signal(signal.SIGTERM, lambda *_: app.quit())
    poll, idle = QTimer(), QTimer()
    poll.timeout.connect(terminal.show_phrases)
    poll.start(50)
    idle.timeout.connect(lambda: collect_when_idle(session.turn.state is State.LISTENING))
    idle.start(1000)
    if arguments.seconds:
        QTimer.singleShot(round(arguments.seconds * 1000), app.quit)
    app.exec()
    stuck = session.end()
    if stuck:
        print(f"! Did not end in time: {', '.join(stuck)}.", flush=True)
    return 1 if stuck else 0
