"""The list of all settings, generated: for the README and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.settings.access import KNOBS, value
from assistant.settings.knob import Knob, Section
from assistant.settings.overrides import Effective, variable
from assistant.settings.sections import Settings

BEGIN, END = "<!-- settings:begin -->", "<!-- settings:end -->"
REMEDY = "Run: python -m assistant settings --write-readme"


class ReadmeRefused(ValueError):
    """There is no README here, or no place in it for the settings. The text says what to do."""


def markdown() -> str:
    """All settings as Markdown, one table a section, with the rule for flags and variables."""
    example = KNOBS["vad.start"]
    lines = [
        "Later ones win: defaults, the file `settings.toml`, environment, command line.",
        "",
        "| | |",
        "|---|---|",
        f"| file | `[{example.section}]` and below it `{example.name} = 0.7` |",
        f"| environment | `{variable(example.key)}=.7`: `INTERJECT_`, section and name, in capitals |",
        f"| command line | `--{example.key} .7` or `--set {example.key}=.7` |",
        "",
        "`INTERJECT_HOME` names one folder for everything: settings, presets, data, logs.",
        "`python -m assistant settings` lists what counts at present and where each value comes from.",
    ]
    for section, knobs in by_section().items():
        lines += ["", f"**{section}**: {words(section)}", "", "| setting | label | default | range | what it does |"]
        lines += ["|---|---|---|---|---|", *(_row(knob) for knob in knobs)]
    return "\n".join(lines) + "\n"


def _row(knob: Knob) -> str:
    cells = (f"`{knob.key}`", knob.label, in_words(knob, knob.default), _range(knob), knob.help)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _range(knob: Knob) -> str:
    if knob.choices:
        return ", ".join(f"`{choice}`" for choice in knob.choices)
    return knob.range_text


def by_section() -> dict[str, list[Knob]]:
    """Section → its settings, both in the order of declaration."""
    grouped: dict[str, list[Knob]] = {section: [] for section in Settings.model_fields}
    for knob in KNOBS.values():
        grouped[knob.section].append(knob)
    return grouped


def words(section: str) -> str:
    """What a section is about, in its own words."""
    kind = Settings.model_fields[section].annotation
    assert isinstance(kind, type) and issubclass(kind, Section)
    return (kind.__doc__ or "").strip()


def in_words(knob: Knob, now: object) -> str:
    """A value as a person writes it, with its unit."""
    if knob.kind is bool:
        return "yes" if now else "no"
    if isinstance(now, (int, float)):
        return f"{now:.10g} {knob.unit}".strip()
    return str(now) or "(empty)"


def terminal(effective: Effective) -> str:
    """All settings with their present values and where each comes from, for a terminal of 100 columns or more."""
    rows = {
        section: [
            (
                knob.key,
                in_words(knob, value(effective.settings, knob.key)),
                _origin(effective.origins, knob),
                _narrow(knob),
            )
            for knob in knobs
        ]
        for section, knobs in by_section().items()
    }
    widths = _widths(row for section in rows.values() for row in section)
    lines = []
    for section, of_section in rows.items():
        lines += [f"{section}: {words(section)}"]
        lines += [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in of_section
        ]
        lines += [""]
    return "\n".join(lines)


def _origin(origins: Mapping[str, str], knob: Knob) -> str:
    return "" if origins[knob.key] == "default" else f"from {origins[knob.key]}"


def _narrow(knob: Knob) -> str:
    return f"{knob.range_text} (default {in_words(knob, knob.default)})"


def _widths(rows: Iterable[tuple[str, ...]]) -> list[int]:
    return [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]


def readme_is_current(readme: Path) -> bool:
    """Raises ReadmeRefused."""
    text = _read(readme)
    return text == _with_table(text, readme)


def write_readme(readme: Path) -> bool:
    """Put the settings between the README's marks. Returns whether anything changed. Raises ReadmeRefused, OSError."""
    text = _read(readme)
    fresh = _with_table(text, readme)
    if fresh != text:
        readme.write_text(fresh, encoding="utf-8", newline="\n")
    return fresh != text


def _read(readme: Path) -> str:
    try:
        return readme.read_text(encoding="utf-8")
    except OSError as fault:
        raise ReadmeRefused(f"{readme} cannot be read: {fault.strerror}. Name another with --readme FILE.") from None


def _with_table(text: str, readme: Path) -> str:
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReadmeRefused(f"{readme} has no place for the settings. Add two lines: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{markdown()}{END}{after}"
