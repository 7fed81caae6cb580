"""Between the models page and the threads behind it: does what is asked for, and keeps what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from assistant.models.catalogue import KINDS, Catalogue, Kind, UnknownModel
from assistant.models.download import Progress
from assistant.models.machine import Machine
from assistant.models.shelf import Installed
from assistant.ui.models.amounts import size
from assistant.ui.models.row import Row
from assistant.ui.models.stock import SETTING, Refusal, Stock, UnderWay
from assistant.ui.settings_model import SettingsModel
from assistant.workers.downloading import Downloading, Looking, NotUsable, Seen

SHOWN_EVERY_MS = 120
END_MS = 2000
PHASES = {"starting": "Asking the hub", "retrying": "The connection broke; it tries again", "checking": "Checking it"}


class ModelDesk(QObject):
    """Owned by the GUI thread. changed: something that is shown is another now.

    told: a sentence on something that went wrong, with what to do. set_ready: a set that was asked for is in use now.
    """

    changed = Signal()
    told = Signal(str)
    set_ready = Signal(str)

    def __init__(
        self,
        model: SettingsModel,
        catalogue: Catalogue,
        downloading: Downloading,
        looking: Looking,
        sure: Callable[[str, str], bool],
        say: Callable[[str], None] | None = None,
    ) -> None:
        """sure: asks the person, title and sentence. say: speaks with the voice in use; None where it cannot yet."""
        super().__init__()
        self._model, self._downloading, self._looking = model, downloading, looking
        self._sure, self._say = sure, say
        self._began = False
        self.known = False
        """Whether the disk was read yet; before that nothing is shown."""
        self._to_use: set[str] = set()
        """Ids and paths that are to be used as soon as they were tried."""
        self._wanted_sets: set[str] = set()
        self.stock = Stock(catalogue, Machine(1, 0, 0), chosen=self._chosen, speaks=say is not None)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOWN_EVERY_MS)
        self._soon.timeout.connect(self.changed)
        model.changed.connect(self._follow)
        downloading.progress.connect(self._progressed)
        downloading.got.connect(self._got)
        downloading.paused.connect(self._paused)
        downloading.dropped.connect(self._dropped)
        downloading.failed.connect(self._failed)
        looking.seen.connect(self._seen)
        looking.taken.connect(self._taken)
        looking.refused.connect(self._refused)
        looking.failed.connect(self.told)

    def begin(self, elsewhere: bool = True) -> None:
        """Look what there is. elsewhere: also in other programs' folders, which may take seconds."""
        if not self._began:
            self._began = True
            self._downloading.start()
            self._looking.start()
        self._looking.look(elsewhere)

    def end(self) -> tuple[str, ...]:
        """Downloads stop and keep what came. Returns the names of threads that did not end in time."""
        threads = (self._downloading, self._looking) if self._began else ()
        for thread in threads:
            thread.finish()
        return tuple(thread.objectName() for thread in threads if not thread.wait(END_MS))

    def do(self, action: str, key: str) -> None:
        """What a row was asked for."""
        row = next((row for row in self.stock.rows() if row.key == key), None)
        if row is None:
            return
        match action:
            case "use":
                self._use(row)
            case "get" | "resume":
                self._get(key)
            case "pause":
                self._downloading.pause(key)
            case "cancel":
                self._downloading.cancel(self.stock.catalogue.model(key))
            case "use_in_place":
                self._check(key)
                self._looking.take(Path(row.path), row.kind, row.name)
            case "listen" if self._say is not None:
                self._say("This is how I sound. You may cut in whenever you like.")
            case "show":
                path = Path(row.path)
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))
            case "page":
                QDesktopServices.openUrl(QUrl(row.page))
            case "remove":
                self._remove(row)

    def do_set(self, action: str, id: str) -> None:
        """What a set was asked for."""
        models = self.stock.catalogue.of(self.stock.catalogue.set(id))
        missing = self.stock.missing(self.stock.catalogue.set(id))
        self._wanted_sets = {id} if action != "pause" else self._wanted_sets - {id}
        match action:
            case "get" | "resume":
                for model in missing:
                    self._get(model.id)
            case "pause":
                for model in missing:
                    self._downloading.pause(model.id)
            case "use":
                for model in models:
                    self._check(model.id)
                    self._looking.test(model.id)

    def add(self, path: str) -> None:
        """A file or folder that the person chose."""
        self._check(path)
        self._looking.take(Path(path))

    # What was asked for

    def _use(self, row: Row) -> None:
        if row.key.startswith("built-in:"):
            self._model.set(SETTING[row.kind], "")
        elif row.state != "in_use":
            self._check(row.key)
            self._looking.test(row.key)

    def _check(self, key: str) -> None:
        """It is tried before anything loads it here, and used if that went well."""
        self._to_use.add(key)
        others = {each: refusal for each, refusal in self.stock.refusals.items() if each != key}
        self._show(refusals=others, checking=self.stock.checking | {key})

    def _get(self, id: str) -> None:
        model = self.stock.catalogue.model(id)
        busy = any(each.state == "loading" for each in self.stock.downloads.values())
        before = self.stock.downloads.get(id)
        under_way = UnderWay("waiting" if busy else "loading", before.done if before else 0, model.size)
        refusals = {key: refusal for key, refusal in self.stock.refusals.items() if key != id}
        self._show(downloads={**self.stock.downloads, id: under_way}, refusals=refusals)
        self._downloading.get(model)

    def _remove(self, row: Row) -> None:
        amount = f"{size(row.size)} are deleted." if row.size else "It is deleted."
        if not row.own or self._sure(f"Remove {row.name}?", f"{amount} You can download it again."):
            self._forget(row.key)
            self._looking.remove(row.key)

    # What happened

    def _follow(self) -> None:
        if self._chosen != self.stock.chosen:
            self._show(chosen=self._chosen)

    def _seen(self, seen: Seen) -> None:
        here = {entry.id for entry in seen.installed}
        downloads = {id: each for id, each in self.stock.downloads.items() if id not in here or each.state != "paused"}
        for id, done in seen.parts.items():
            if id not in downloads:
                total = self.stock.catalogue.model(id).size
                downloads[id] = UnderWay("paused", min(done, total), total)
        self.known = True
        self._show(machine=seen.machine, installed=seen.installed, found=seen.found, downloads=downloads)
        self._use_whole_sets()

    def _progressed(self, progress: Progress) -> None:
        if progress.model in self.stock.downloads:
            note = PHASES.get(progress.phase, "")
            state = UnderWay("loading", progress.done, progress.total, progress.bytes_per_s, note)
            self._show(soon=True, downloads={**self.stock.downloads, progress.model: state})

    def _got(self, id: str) -> None:
        self._show(downloads=_without(self.stock.downloads, id), checking=self.stock.checking | {id})
        self._looking.test(id)

    def _paused(self, id: str) -> None:
        before = self.stock.downloads.get(id)
        if before is not None:
            paused = replace(before, state="paused", bytes_per_s=0.0, note="")
            self._show(downloads={**self.stock.downloads, id: paused})

    def _dropped(self, id: str) -> None:
        self._show(downloads=_without(self.stock.downloads, id))

    def _failed(self, id: str, reason: str) -> None:
        before = self.stock.downloads.get(id)
        model = self.stock.catalogue.model(id)
        if before is not None and before.done:
            failed = UnderWay("paused", before.done, before.total, note=reason)
            self._show(downloads={**self.stock.downloads, id: failed})
        else:
            refusal = Refusal(model.kind, model.name, reason)
            downloads = _without(self.stock.downloads, id)
            self._show(downloads=downloads, refusals={**self.stock.refusals, id: refusal})
        self._wanted_sets = set()
        self.told.emit(reason)

    def _taken(self, entry: Installed) -> None:
        keys = {entry.id, str(entry.path)}
        wanted = self._to_use & keys
        self._to_use -= keys
        known = entry.id in {each.id for each in self.stock.installed}
        installed = self.stock.installed if known else (*self.stock.installed, entry)
        self._show(installed=installed, checking=self.stock.checking - keys - wanted)
        in_set = any(entry.id in self.stock.catalogue.set(id).models for id in self._wanted_sets)
        if wanted and not in_set:
            self._model.set(SETTING[entry.kind], entry.id)
        self._use_whole_sets()

    def _refused(self, refused: NotUsable) -> None:
        path = str(refused.path)
        entry = next((each for each in self.stock.installed if str(each.path) == path), None)
        key = entry.id if entry is not None else self._id_of(refused.path) or path
        self._to_use -= {key, path}
        kind = refused.kind or _kind_by_name(refused.path)
        refusal = Refusal(kind, entry.name if entry is not None else refused.path.name, refused.reason, path)
        self._wanted_sets = set()
        self._show(refusals={**self.stock.refusals, key: refusal}, checking=self.stock.checking - {key, path})
        self.told.emit(refused.reason)

    def _use_whole_sets(self) -> None:
        """A set that was asked for is used once the last of it is here and was tried."""
        for id in sorted(self._wanted_sets):
            models = self.stock.catalogue.of(self.stock.catalogue.set(id))
            ids = {model.id for model in models}
            if ids <= {entry.id for entry in self.stock.installed} and not ids & self.stock.checking:
                self._wanted_sets.discard(id)
                self._model.apply({SETTING[model.kind]: model.id for model in models})
                self.set_ready.emit(self.stock.catalogue.set(id).name)

    def _forget(self, key: str) -> None:
        installed = tuple(entry for entry in self.stock.installed if entry.id != key)
        refusals = {each: refusal for each, refusal in self.stock.refusals.items() if each != key}
        self._show(installed=installed, refusals=refusals)

    def _id_of(self, path: Path) -> str:
        """The model of the catalogue that lies in this folder of the shelf."""
        for name in (path.name, path.parent.name):
            try:
                return self.stock.catalogue.model(name).id
            except UnknownModel:
                continue
        return ""

    @property
    def _chosen(self) -> Mapping[Kind, str]:
        return {kind: str(self._model.value(SETTING[kind])) for kind in KINDS}

    def _show(self, soon: bool = False, **changes: object) -> None:
        self.stock = replace(self.stock, **changes)  # type: ignore[arg-type]
        if not self.known:
            return
        if not soon:
            self._soon.stop()
            self.changed.emit()
        elif not self._soon.isActive():
            self._soon.start()


def _without(downloads: Mapping[str, UnderWay], id: str) -> dict[str, UnderWay]:
    return {each: under_way for each, under_way in downloads.items() if each != id}


def _kind_by_name(path: Path) -> Kind:
    """What a file that nobody could read was meant to be."""
    if path.name.endswith((".onnx", ".onnx.json")):
        return "voice"
    return "ears" if path.is_dir() or path.name == "model.bin" else "mind"
