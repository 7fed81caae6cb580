"""`models`: what there is, what is on this computer, and fetching, adding, checking and removing it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.commands.printing import marks, never_refuse
from assistant.models import trial
from assistant.models.bounded import in_words
from assistant.models.catalogue import KINDS, Catalogue, CatalogueFault, Kind, UnknownModel, load_catalogue
from assistant.models.digest import changed_files
from assistant.models.discover import Found, discover
from assistant.models.download import DownloadFailed, Paused, Progress, download, part_of
from assistant.models.inspect import inspect
from assistant.models.machine import Machine, this_machine
from assistant.models.recommend import recommended, reply_time_s, too_big
from assistant.models.refused import Refused
from assistant.models.shelf import Installed, ModelMissing, Shelf, ShelfFault
from assistant.settings.paths import MissingResource

_WORDS: dict[Kind, str] = {"ears": "Recognisers", "mind": "Language models", "voice": "Voices"}
_SETTING: dict[Kind, str] = {"ears": "--ears.model", "mind": "--brain.model", "voice": "--voice.model"}
_STEP = 0.1
"""Of a download, between two lines where a line cannot be rewritten."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which model."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what there is, what is installed, and what lies on this computer")
    listing.add_argument("--json", action="store_true", help="print it as JSON")
    pulling = actions.add_parser("pull", help="download a model, or a set of three; again goes on where it stopped")
    pulling.add_argument("what", metavar="ID|SET")
    adding = actions.add_parser("add", help="use a .gguf, a CTranslate2 folder or a Piper .onnx where it lies")
    adding.add_argument("path", metavar="PATH", type=Path)
    adding.add_argument("--name", default="", help="how to call it")
    verifying = actions.add_parser("verify", help="check the files of all models, or of one, and that they load")
    verifying.add_argument("id", metavar="ID", nargs="?")
    removing = actions.add_parser("remove", help="delete a downloaded model, or forget one that lies elsewhere")
    removing.add_argument("id", metavar="ID")
    trying = actions.add_parser("trial")  # how a frozen program starts the child of assistant.models.trial
    trying.add_argument("kind", choices=KINDS)
    trying.add_argument("path")


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 where something could not be done that was said, 2 for a model that does not exist."""
    if arguments.action == "trial":
        return trial.main([arguments.kind, arguments.path])
    never_refuse()
    shelf = Shelf()
    try:
        return _ACTIONS[arguments.action](arguments, shelf)
    except (UnknownModel, ModelMissing) as fault:
        return _tell(fault, 2)
    except (Refused, DownloadFailed, ShelfFault, CatalogueFault, MissingResource) as fault:
        return _tell(fault, 1)


def _list(arguments: argparse.Namespace, shelf: Shelf) -> int:
    catalogue, machine = load_catalogue(), this_machine(shelf.folder)
    installed = shelf.installed()
    used = {each.path.resolve() for each in installed}
    found = [each for each in discover() if each.path.resolve() not in used]
    if arguments.json:
        told = {
            "machine": asdict(machine),
            "recommended": recommended(catalogue, machine).id,
            "sets": [asdict(each) for each in catalogue.sets],
            "models": [asdict(each) for each in catalogue.models],
            "installed": [{**asdict(each), "path": str(each.path)} for each in installed],
            "found": [{**asdict(each), "path": str(each.path)} for each in found],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    _print_sets(catalogue, machine)
    _print_catalogue(catalogue, shelf, installed)
    _print_own(installed, found)
    return 0


def _print_sets(catalogue: Catalogue, machine: Machine) -> None:
    best = recommended(catalogue, machine)
    memory, free = in_words(machine.memory_mb * 1e6), in_words(machine.free_disk_mb * 1e6)
    print(f"This computer: {machine.cores} cores, {memory} of memory, {free} free on the disk.")
    print(f"Sets  (interject models pull {best.id})")
    for each in catalogue.sets:
        mark = "*" if each == best else " "
        guess = f"replies in about {reply_time_s(catalogue, each, machine):.1f} s here"
        fits = too_big(catalogue, each, machine) or guess
        print(f"  {mark} {each.id:<10}{in_words(catalogue.size(each)):>8}  {each.about} {fits}")
    print("* is recommended for this computer. The time is a guide: from your last word to its first, pause included.")


def _print_catalogue(catalogue: Catalogue, shelf: Shelf, installed: Sequence[Installed]) -> None:
    here = {each.id for each in installed}
    done = marks(sys.stdout)["ok"]
    width = max(len(model.id) for model in catalogue.models)
    for kind, words in _WORDS.items():
        print(f"\n{words}  ({_SETTING[kind]} ID)")
        for model in catalogue.models:
            if model.kind == kind:
                mark = done if model.id in here else " "
                part = part_of(model, shelf)
                paused = f"  ({in_words(part)} here already: pull goes on)" if part else ""
                languages = "many languages" if model.languages == ("*",) else " ".join(model.languages)
                size = in_words(model.size)
                print(f"  {mark:<2} {model.id:<{width}} {size:>8}  {model.name}, {languages}, {model.licence}{paused}")
    print(f"{done} is installed. The licence of a voice covers its recordings, too.")


def _print_own(installed: Sequence[Installed], found: Sequence[Found]) -> None:
    own = [each for each in installed if each.origin == "in_place"]
    if own:
        print("\nUsed where they lie")
        for each in own:
            print(f"     {each.id}  {in_words(each.size)}  {each.path}")
    if found:
        print("\nFound on this computer  (interject models add PATH)")
        for one in found:
            print(f"     {_WORDS[one.kind][:-1]}: {one.name}  {in_words(one.size)}  {one.where}  {one.path}")


def _pull(arguments: argparse.Namespace, shelf: Shelf) -> int:
    catalogue = load_catalogue()
    names = {each.id for each in catalogue.sets}
    wanted = arguments.what
    models = catalogue.of(catalogue.set(wanted)) if wanted in names else (catalogue.model(wanted),)
    here = {each.id for each in shelf.installed()}
    for model in models:
        if model.id in here:
            print(f"{model.id} is installed already.")
            continue
        print(f"{model.name}, {in_words(model.size)}, {model.licence}, from {model.page}", flush=True)
        try:
            path = download(model, shelf, _teller(sys.stdout.isatty()), lambda: True)
        except (KeyboardInterrupt, Paused):
            print(f"\nStopped at {in_words(part_of(model, shelf))}. The same command goes on from there.")
            return 1
        trial.admit(shelf, model.kind, path)
        print(f"{model.id} is installed and loads. To use it: interject {_SETTING[model.kind]} {model.id}", flush=True)
    return 0


def _teller(rewrite: bool) -> Callable[[Progress], None]:
    """Shows progress on one line that is rewritten, or on a line each tenth."""
    last = [-1.0]

    def tell(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        line = f"  {progress.phase:<12}{share:>4.0%}  {in_words(progress.done)} of {in_words(progress.total)}"
        if progress.bytes_per_s:
            line += f"  {in_words(progress.bytes_per_s)}/s"
        if rewrite:
            print(f"\r{line:<70}", end="\n" if progress.phase == "done" else "", flush=True)
        elif progress.phase == "done" or share - last[0] >= _STEP:
            last[0] = share
            print(line, flush=True)

    return tell


def _add(arguments: argparse.Namespace, shelf: Shelf) -> int:
    inspected = inspect(arguments.path, None, this_machine(shelf.folder).memory_mb)
    print(f"{inspected.name}: {inspected.about}, {in_words(inspected.size)}. Trying it…", flush=True)
    trial.admit(shelf, inspected.kind, inspected.path)
    entry = shelf.use_in_place(inspected.path, arguments.name)
    print(f"It loads. To use it: interject {_SETTING[entry.kind]} {entry.id}")
    return 0


def _verify(arguments: argparse.Namespace, shelf: Shelf) -> int:
    records = {record.id: record for record in shelf.records()}
    installed = {each.id: each for each in shelf.installed()}
    ids = [arguments.id] if arguments.id else sorted({*records, *installed})
    if arguments.id and arguments.id not in {*records, *installed}:
        raise ModelMissing(f"There is no model {arguments.id} on this computer. See: interject models list")
    if not ids:
        print("There are no models on this computer. See: interject models list")
    mark, wrong = marks(sys.stdout), 0
    for id in ids:
        record = records.get(id)
        faults = list(changed_files(shelf.folder / id, record)) if record else []
        if not faults and id in installed:
            try:
                trial.admit(shelf, installed[id].kind, installed[id].path)
            except Refused as fault:
                faults = [str(fault)]
        wrong += bool(faults)
        print(f"{mark['problem' if faults else 'ok']} {id}  {'; '.join(faults)}".rstrip(), flush=True)
        if faults and record:
            print(f"   Remedy: interject models remove {id}, then interject models pull {id}")
    return 1 if wrong else 0


def _remove(arguments: argparse.Namespace, shelf: Shelf) -> int:
    in_place = {each.id: each for each in shelf.installed() if each.origin == "in_place"}
    shelf.remove(arguments.id)
    kept = in_place.get(arguments.id)
    print(f"{arguments.id} is forgotten; {kept.path} stays." if kept else f"{arguments.id} is deleted.")
    return 0


def _tell(fault: Exception, status: int) -> int:
    print(f"interject: {fault.args[0] if fault.args else fault}", file=sys.stderr)
    return status


_ACTIONS: dict[str, Callable[[argparse.Namespace, Shelf], int]] = {
    "list": _list,
    "pull": _pull,
    "add": _add,
    "verify": _verify,
    "remove": _remove,
}

