"""Abbreviations, units and signs that eSpeak NG spells out or misreads, by language, and what to say for them.

What it reads well is not here: percent, degrees, euros behind a number, ordinals, decimals, times of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_COMMON_WORDS: Mapping[str, str] = {
    "en": "the of and to is that you it for was are with this have not they your can what will",
    "de": "der die das und ist nicht ein eine ich sie es mit für auf den von zu sich auch wie",
    "fr": "le la les et est une un des que vous je il pas pour dans qui avec sur ce vos",
    "es": "el la los las y es una un que de en por con para no se usted lo su como",
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Ms", "Prof.": "Professor", "St.": "Saint",
        "Mt.": "Mount", "Jr.": "Junior", "Sr.": "Senior", "vs.": "versus", "approx.": "approximately",
        "i.e.": "that is", "e.g.": "for example", "No.": "number", "Fig.": "figure", "etc.": "et cetera",
        "Jan.": "January", "Feb.": "February", "Aug.": "August", "Sept.": "September", "Oct.": "October",
        "Nov.": "November", "Dec.": "December",
    },
    "de": {
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "u. a.": "unter anderem", "u.a.": "unter anderem", "usw.": "und so weiter", "bzw.": "beziehungsweise",
        "ca.": "circa", "Dr.": "Doktor", "Nr.": "Nummer", "evtl.": "eventuell", "ggf.": "gegebenenfalls",
        "inkl.": "inklusive", "vgl.": "vergleiche", "Prof.": "Professor",
    },
    "fr": {"M.": "monsieur", "p. ex.": "par exemple", "n°": "numéro", "Dr.": "docteur", "env.": "environ"},
    "es": {
        "p. ej.": "por ejemplo", "Sr.": "señor", "Sra.": "señora", "Dr.": "doctor", "Dra.": "doctora",
        "aprox.": "aproximadamente", "núm.": "número",
    },
}  # fmt: skip
"""Said instead; with the full stop gone, no voice pauses behind them."""
ONLY_BEFORE_A_NUMBER = frozenset({"No.", "Fig.", "Nr.", "Jan.", "Feb.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."})

UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "km/h": "kilometres an hour", "m/s": "metres a second", "mph": "miles an hour", "km": "kilometres",
        "cm": "centimetres", "mm": "millimetres", "m": "metres", "kg": "kilograms", "mg": "milligrams", "g": "grams",
        "ml": "millilitres", "l": "litres", "L": "litres", "ft": "feet", "lbs": "pounds", "lb": "pounds",
        "oz": "ounces", "min": "minutes", "mins": "minutes", "hrs": "hours", "hr": "hours", "ms": "milliseconds",
        "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "kB": "kilobytes", "TB": "terabytes",
        "kHz": "kilohertz", "Hz": "hertz", "MHz": "megahertz", "GHz": "gigahertz", "kWh": "kilowatt hours",
        "kW": "kilowatts", "W": "watts", "tbsp": "tablespoons", "tsp": "teaspoons", "m²": "square metres",
    },
    "de": {
        "km/h": "Kilometer pro Stunde", "km": "Kilometer", "cm": "Zentimeter", "mm": "Millimeter", "m": "Meter",
        "kg": "Kilogramm", "g": "Gramm", "mg": "Milligramm", "ml": "Milliliter", "l": "Liter", "min": "Minuten",
        "Min.": "Minuten", "GB": "Gigabyte", "MB": "Megabyte", "kHz": "Kilohertz", "kWh": "Kilowattstunden",
    },
    "fr": {"km/h": "kilomètres à l'heure", "ml": "millilitres", "min": "minutes"},
    "es": {"km/h": "kilómetros por hora", "km": "kilómetros", "kg": "kilogramos", "cm": "centímetros",
           "ml": "mililitros", "min": "minutos"},
}  # fmt: skip
"""Behind a number. Before a lone 1 the plural is wrong and understood."""

MONEY: Mapping[str, str] = {"$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
RANGE: Mapping[str, str] = {"en": "to", "de": "bis", "fr": "à", "es": "a"}
"""Between two numbers with a dash between them."""

_NEVER_ENDS = frozenset(
    word.casefold()
    for words in WORDS.values()
    for abbreviation in words
    for word in (abbreviation, abbreviation.split()[0])
    if word.endswith(".") and abbreviation not in ("etc.", "usw.", "No.", "u.a.", "u. a.")
)


def language_of(text: str, otherwise: str = "en") -> str:
    """The language of which `text` has the most common words; `otherwise` where it has none."""
    words = re.findall(r"\w+", text.casefold())
    counted = {language: sum(map(common.split().count, words)) for language, common in _COMMON_WORDS.items()}
    best = max(counted, key=lambda language: (counted[language], language == otherwise))
    return best if counted[best] else otherwise


def ends_in_abbreviation(text: str) -> bool:
    """Whether the full stop that `text` ends with belongs to an abbreviation after which a sentence goes on."""
    words = text.rstrip().rsplit(maxsplit=1)
    return bool(words) and words[-1].lstrip("(“\"'").casefold() in _NEVER_ENDS
