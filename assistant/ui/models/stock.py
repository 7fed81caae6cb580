"""Everything that the models page shows, made of the catalogue, the disk, the downloads and the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.models.catalogue import KINDS, Catalogue, Kind, Model, ModelSet
from assistant.models.discover import Found
from assistant.models.machine import Machine
from assistant.models.recommend import (
    EARS_S_PER_MB,
    EFFICIENCY,
    MIND_S_PER_MB,
    MOST_THREADS,
    VOICE_S_PER_MB,
    memory_mb,
    recommended,
    reply_time_s,
    too_big,
)
from assistant.models.shelf import Installed
from assistant.ui.models.amounts import left, rate, size
from assistant.ui.models.row import Row, State
from assistant.ui.models.set_card import SetOffer, SetState

SETTING: Mapping[Kind, str] = {"ears": "ears.model", "mind": "brain.model", "voice": "voice.model"}
NO_EARS = "built-in:ears"
BUILT_IN = (
    Row(NO_EARS, "ears", "None", "It notices that you speak, without understanding the words.", "", "ready", size=0,
        memory_mb=0, speed=5),
    Row("built-in:mind", "mind", "Rehearsal", "Built in: reads to you so that you can cut in. Needs no model.", "",
        "ready", "GPL-3.0", 0, 0, 5),
    Row("built-in:voice", "voice", "eSpeak NG", "Built in, 100+ languages, robotic but instant.", "", "ready",
        "GPL-3.0", 0, 0, 5),
)  # fmt: skip
S_PER_MB: Mapping[Kind, float] = {"ears": EARS_S_PER_MB, "mind": MIND_S_PER_MB, "voice": VOICE_S_PER_MB}
QUICK_S: Mapping[Kind, float] = {"ears": 0.15, "mind": 0.23, "voice": 0.08}
"""A model that takes no longer has five blocks; each doubling takes one away."""
ROOM_MB = 10**9
TRYING = "Being tried in a process of its own"
ORDER: tuple[State, ...] = (
    "in_use", "ready", "checking", "loading", "paused", "waiting", "found", "refused", "offered",
)  # fmt: skip
LANGUAGES = {"en": "English", "en_GB": "British English", "en_US": "American English", "*": "99 languages"}


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A download. done, total: bytes. note: what it is at where it is not simply coming in."""

    state: State
    done: int
    total: int
    bytes_per_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not used. reason: with what to do. path: "" for a download that failed."""

    kind: Kind
    name: str
    reason: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """All that is known at one moment. chosen: what the setting of each kind holds. downloads: by a model's id.

    refusals: by the row's key. checking: keys of rows that are being tried. speaks: whether a voice can be heard here.
    """

    catalogue: Catalogue
    machine: Machine
    installed: tuple[Installed, ...] = ()
    found: tuple[Found, ...] = ()
    chosen: Mapping[Kind, str] = field(default_factory=dict)
    downloads: Mapping[str, UnderWay] = field(default_factory=dict)
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    checking: frozenset[str] = frozenset()
    speaks: bool = False

    def rows(self) -> list[Row]:
        """One for each model, what can be used first."""
        here = {entry.id: entry for entry in self.installed}
        places = {str(entry.path) for entry in self.installed}
        rows = [self._chosen(row) for row in BUILT_IN]
        rows += [self._offered(model, here.get(model.id)) for model in self.catalogue.models]
        known = {model.id for model in self.catalogue.models}
        rows += [self._installed(entry) for entry in self.installed if entry.id not in known]
        rows += [self._found(found) for found in self.found if str(found.path) not in places]
        shown = {row.key for row in rows}
        rows += [self._refused(key, refusal) for key, refusal in self.refusals.items() if key not in shown]
        rows += self._by_path(rows)
        return sorted(rows, key=lambda row: (KINDS.index(row.kind), not row.key.startswith("built-in:"),
                                             ORDER.index(row.state)))  # fmt: skip

    def offers(self) -> list[SetOffer]:
        """The sets."""
        best = recommended(self.catalogue, self.machine)
        return [self._offer(each, each.id == best.id) for each in self.catalogue.sets]

    def missing(self, model_set: ModelSet) -> list[Model]:
        """What of a set is not here yet."""
        here = {entry.id for entry in self.installed}
        return [model for model in self.catalogue.of(model_set) if model.id not in here]

    @property
    def has_mind(self) -> bool:
        """Whether there is a language model that could be used."""
        return any(entry.kind == "mind" for entry in self.installed)

    def _offer(self, model_set: ModelSet, best: bool) -> SetOffer:
        models = self.catalogue.of(model_set)
        missing = self.missing(model_set)
        under_way = [self.downloads[model.id] for model in missing if model.id in self.downloads]
        all_chosen = all(self.chosen.get(model.kind) == model.id for model in models)
        state: SetState = "offered"
        if not missing:
            state = "in_use" if all_chosen else "here"
        elif len(under_way) == len(missing):
            state = "loading" if any(each.state in ("loading", "waiting") for each in under_way) else "paused"
        hindrance = too_big(self.catalogue, model_set, self.machine) if missing else ""
        short_of_memory = too_big(self.catalogue, model_set, replace(self.machine, free_disk_mb=ROOM_MB))
        return SetOffer(
            model_set.id,
            model_set.name,
            ", ".join(_short(model.name) for model in models),
            self.catalogue.size(model_set),
            sum(model.size - self._done(model) for model in missing),
            memory_mb(self.catalogue, model_set),
            reply_time_s(self.catalogue, model_set, self.machine),
            state,
            best,
            hindrance,
            "" if not hindrance else "memory" if short_of_memory else "disk",
        )

    def _done(self, model: Model) -> int:
        under_way = self.downloads.get(model.id)
        return min(under_way.done, model.size) if under_way is not None else 0

    def _offered(self, model: Model, entry: Installed | None) -> Row:
        told = "(" in model.name or "language" in model.about
        languages = "" if told else f"{_languages(model.languages)}. "
        note = languages + model.about
        row = Row(
            model.id, model.kind, model.name, note, model.id, "offered", model.licence, model.size, model.memory_mb,
            self._speed(model.kind, max(file.size for file in model.files)), page=model.page,
        )  # fmt: skip
        if entry is not None:
            return self._chosen(replace(row, state="ready", path=str(entry.path), own=entry.origin == "downloaded"))
        refusal = self.refusals.get(model.id)
        under_way = self.downloads.get(model.id)
        if under_way is not None:
            share = under_way.done / max(1, under_way.total)
            failed = under_way.state == "paused" and bool(under_way.note)
            return replace(row, state=under_way.state, share=share, note=_progress(under_way), failed=failed)
        return replace(row, note=refusal.reason, failed=True) if refusal is not None else row

    def _installed(self, entry: Installed) -> Row:
        note = f"Used in place: {_folder(entry.path)}" if entry.origin == "in_place" else "Downloaded earlier"
        speed = self._speed(entry.kind, entry.size)
        row = Row(entry.id, entry.kind, entry.name, note, entry.id, "ready", "", entry.size, None, speed)
        return self._chosen(replace(row, path=str(entry.path), own=entry.origin == "downloaded"))

    def _found(self, found: Found) -> Row:
        key = str(found.path)
        row = Row(key, found.kind, found.name, f"Found in {found.where}, nothing to download", key, "found", "",
                  found.size, None, self._speed(found.kind, found.size), path=key)  # fmt: skip
        if key in self.refusals:
            return replace(row, state="refused", note=self.refusals[key].reason)
        return replace(row, state="checking", note=TRYING) if key in self.checking else row

    def _refused(self, key: str, refusal: Refusal) -> Row:
        return Row(key, refusal.kind, refusal.name, refusal.reason, key, "refused", path=refusal.path)

    def _chosen(self, row: Row) -> Row:
        """The row as its setting, a trial or a refusal has it."""
        if row.key in self.refusals:
            return replace(row, state="refused", note=self.refusals[row.key].reason)
        if row.key in self.checking:
            return replace(row, state="checking", note=TRYING)
        if self.chosen.get(row.kind, "") != row.value:
            return row
        return replace(row, state="in_use", can_speak=self.speaks and row.kind == "voice")

    def _by_path(self, rows: Iterable[Row]) -> list[Row]:
        """Rows for settings that name a file which stands in no list."""
        used = {row.kind for row in rows if row.state == "in_use"}
        named = [(kind, value) for kind, value in self.chosen.items() if value and kind not in used]
        known = {row.value for row in rows}
        return [self._named(kind, value) for kind, value in named if value not in known]

    def _named(self, kind: Kind, value: str) -> Row:
        row = Row(f"setting:{kind}", kind, Path(value).name, "Chosen in the settings", value, "in_use", path=value)
        if Path(value).exists():
            return row
        return replace(row, state="refused", note="The settings name it, and it is not on this computer.", path="")

    def _speed(self, kind: Kind, weights: int) -> int:
        threads = max(1, min(self.machine.cores - 1, MOST_THREADS))
        seconds = S_PER_MB[kind] * weights / 1e6 / threads**EFFICIENCY
        blocks, most_s = 5, QUICK_S[kind]
        while seconds > most_s and blocks > 1:
            blocks, most_s = blocks - 1, most_s * 2
        return blocks


def _progress(under_way: UnderWay) -> str:
    if under_way.note:
        return under_way.note
    match under_way.state:
        case "waiting":
            return "Waits for the download before it"
        case "paused":
            return f"Paused, {size(under_way.done)} of {size(under_way.total)} are here"
        case _ if under_way.bytes_per_s > 0:
            seconds = (under_way.total - under_way.done) / under_way.bytes_per_s
            return f"Downloading, {rate(under_way.bytes_per_s)}, {left(seconds)}"
    return "Downloading"


def _languages(codes: tuple[str, ...]) -> str:
    known = [LANGUAGES.get(code, "") for code in codes]
    if len(codes) > 3:
        return f"{len(codes)} languages"
    return ", ".join(name or code for name, code in zip(known, codes, strict=True))


def _short(name: str) -> str:
    """Without what stands in brackets."""
    return name.partition(" (")[0].replace(" Instruct", "")


def _folder(path: Path) -> str:
    """The place, from the person's own folder on."""
    try:
        return f"~/{path.parent.relative_to(Path.home())}"
    except ValueError:
        return str(path.parent)
