"""Settings from the environment and the command line: default < file < environment < command line."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.settings.accept import accept, converted, shown
from assistant.settings.access import KNOBS, SettingRefused, change, known, value
from assistant.settings.knob import Knob
from assistant.settings.notice import Notice
from assistant.settings.paths import HOME_VARIABLE
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import MASTER, moved
from assistant.settings.store import Loaded

PREFIX = "INTERJECT_"
RESERVED = frozenset({HOME_VARIABLE, "INTERJECT_SETUP_STATUS"})
"""Variables of the program itself that are no settings."""


def variable(key: str) -> str:
    """The environment variable of a setting: vad.start → INTERJECT_VAD_START."""
    return PREFIX + key.upper().replace(".", "_")


VARIABLES = {variable(key): key for key in KNOBS}


@dataclass(frozen=True, slots=True)
class Override:
    """A value given from outside the file. given_as: the variable or flag in the person's own words."""

    key: str
    text: str
    given_as: str


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts after all four layers. origins: key → "default", the file's name, a variable or a flag."""

    settings: Settings
    origins: Mapping[str, str]
    notices: tuple[Notice, ...]
    from_file: Settings

    def to_save(self, now: Settings) -> Settings:
        """What belongs in the file when the settings are `now`: an override that nobody touched stays out of it."""
        untouched = {
            key: value(self.from_file, key)
            for key in KNOBS
            if value(now, key) == value(self.settings, key) != value(self.from_file, key)
        }
        kept = now
        for section in Settings.model_fields:
            mine = {key: old for key, old in untouched.items() if key.startswith(f"{section}.")}
            try:
                kept = change(kept, mine)
            except SettingRefused:  # the old value contradicts one that was moved since, so the present one is saved
                continue
        return kept


def from_environment(environ: Mapping[str, str]) -> tuple[tuple[Override, ...], tuple[Notice, ...]]:
    """The settings among the variables; one notice for those that look like a setting and are none."""
    overrides = tuple(
        Override(key, environ[name], name)
        for name, key in VARIABLES.items()
        if environ.get(name) or (name in environ and KNOBS[key].kind is str and not KNOBS[key].choices)
    )
    strangers = sorted(name for name in environ if _looks_like_a_setting(name))
    if not strangers:
        return overrides, ()
    near = difflib.get_close_matches(strangers[0], VARIABLES, n=1)
    hint = f"Did you mean {near[0]}?" if near else "Remove it, or look at the list: interject settings"
    names = ", ".join(shown(name) for name in strangers)
    are_is = "is no setting and is" if len(strangers) == 1 else "are no settings and are"
    return overrides, (Notice("Unknown variables in the environment", f"{names} {are_is} not used.", hint),)


def _looks_like_a_setting(name: str) -> bool:
    if not name.startswith(PREFIX) or name in VARIABLES or name in RESERVED:
        return False
    in_a_section = any(f"{name}_".startswith(f"{PREFIX}{section.upper()}_") for section in Settings.model_fields)
    names = [declared.removeprefix(PREFIX) for declared in VARIABLES]
    return in_a_section or bool(difflib.get_close_matches(name.removeprefix(PREFIX), names, n=1, cutoff=0.8))


class _Collect(argparse.Action):
    """Keep --set and --section.name in the order in which they were typed, so that the last one wins."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        typed = getattr(namespace, self.dest, None) or []
        setattr(namespace, self.dest, [*typed, (option_string, str(values))])


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Give a parser `--set key=value` and one flag a setting. Read them back with `from_flags`."""
    parser.add_argument(
        "--set",
        dest="overrides",
        action=_Collect,
        metavar="KEY=VALUE",
        help="change a setting for this run, as in --set vad.start=.7; may be given several times",
    )
    groups = {section: parser.add_argument_group(f"{section} settings") for section in Settings.model_fields}
    for knob in KNOBS.values():
        groups[knob.section].add_argument(
            f"--{knob.key}", dest="overrides", action=_Collect, metavar=_metavar(knob), help=_help(knob)
        )


def _metavar(knob: Knob) -> str:
    if knob.choices:
        return "|".join(knob.choices)
    return {bool: "yes|no", str: "TEXT", int: "N", float: "X"}[knob.kind]


def _help(knob: Knob) -> str:
    if knob.kind is bool:
        default = "yes" if knob.default else "no"
    else:
        default = f"“{knob.default}”" if knob.kind is str and not knob.choices else f"{knob.default}"
    ranged = "" if knob.choices or knob.kind in (bool, str) else f"{knob.range_text}, "
    return f"{knob.help} ({ranged}default {default})".replace("%", "%%")


def from_flags(arguments: argparse.Namespace) -> tuple[Override, ...]:
    """Raises SettingRefused for an unknown key, a value out of range, or a --set without "="."""
    found = []
    for flag, text in getattr(arguments, "overrides", None) or ():
        key, given = (flag.removeprefix("--"), text) if flag != "--set" else _split(text)
        converted(known(key).key, given)
        found.append(Override(key, given, flag))
    return tuple(found)


def _split(text: str) -> tuple[str, str]:
    key, equals, given = text.partition("=")
    if not equals:
        raise SettingRefused(f"--set {shown(text)}: write it as key=value, as in --set vad.start=.7")
    return key.strip(), given


def resolve(loaded: Loaded, environ: Mapping[str, str], flags: Iterable[Override] = ()) -> Effective:
    """Lay environment and flags over what the file gave.

    A sensitivity from outside brings the settings that it moves, unless they are given too. What is wrong in the
    environment becomes a notice, since a window started from a menu has nobody to read a refusal.
    Raises SettingRefused where a flag is wrong or contradicts what it is laid over.
    """
    variables, notices = from_environment(environ)
    settings, below = loaded.settings, dict.fromkeys(loaded.written, "file")
    good, bad = _from_variables(settings, variables)
    notices += bad
    settings = _laid_over(settings, good)
    typed = tuple(flags)
    settings = _laid_over(settings, typed)
    origins = dict.fromkeys(KNOBS, "default") | below | {each.key: each.given_as for each in (*good, *typed)}
    return Effective(settings, origins, loaded.notices + notices, loaded.settings)


def _from_variables(
    settings: Settings, variables: tuple[Override, ...]
) -> tuple[tuple[Override, ...], tuple[Notice, ...]]:
    refused = accept(_start(settings, variables), {each.key: each.text for each in variables}).refused
    notices = tuple(
        Notice(
            "A variable could not be used",
            f"{each.given_as} in the environment: {refused[each.key]}",
            f"Correct {each.given_as} or remove it from the environment.",
        )
        for each in variables
        if each.key in refused
    )
    return tuple(each for each in variables if each.key not in refused), notices


def _start(settings: Settings, overrides: tuple[Override, ...]) -> Settings:
    masters = [each.text for each in overrides if each.key == MASTER]
    try:
        return moved(settings, converted(MASTER, masters[-1])) if masters else settings
    except SettingRefused:  # reported with the other values
        return settings


def _laid_over(settings: Settings, overrides: tuple[Override, ...]) -> Settings:
    given = {each.key: converted(each.key, each.text) for each in overrides}
    return change(_start(settings, overrides), given)
