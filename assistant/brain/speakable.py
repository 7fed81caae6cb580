"""Written text into words that a voice reads well: markdown, code, lists, links, emoji, units."""

from __future__ import annotations

import html
import re
from functools import partial
from urllib.parse import urlsplit

from assistant.brain.abbreviations import MONEY, ONLY_BEFORE_A_NUMBER, RANGE, UNITS, WORDS

CODE_LEFT_OUT = "Here is code that I leave out."

_FENCE = re.compile(r"\s*(?:`{3}|~{3})")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$")
_LINE_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+(?:\[[ xX]\]\s+)?)+")
_NUMBER_OF_LIST = re.compile(r"^\s*(\d{1,3})[.)]\s+(?=\S)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])")
_FOOTNOTE = re.compile(r"\[\^?\d+\]")
_ADDRESS = re.compile(r"<?\b(https?://(?:\([^\s()]*\)|[^\s<>()\[\]])+)>?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u25a0-\u25ff"
    "\ufe0e\ufe0f\u200d\u20e3]+"
)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])|\*\*|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|~~"
)
_TEX = re.compile(r"\\[()\[\]]|\$(?=[^$\d\s][^$]*\$)|(?<=[^\s$])\$(?=\W|$)")
_TIMES = re.compile(r"(?<=\d)\s*[*×]\s*(?=\d)")
_ARROW = re.compile(r"\s*(?:→|⇒|->|=>)\s*")
_MONEY = re.compile(r"([$£€¥])\s?(\d[\d,.]*\d|\d)(\s?(?:thousand|million|billion|trillion))?(/(?=[a-zA-Z]))?")
_RANGE = re.compile(r"(?<![\w.–-])(\d+(?:[.,:]\d+)?)\s?[–-]\s?(\d+(?:[.,:]\d+)?)(?![\w–-]|[.,:]\d)")
_ABOUT = re.compile(r"(?<!\w)~\s?(?=\d)")
_SLASH = re.compile(r"(?<=[^\W\d_])/(?=[^\W\d_])")
_NUMBER_SIGN = re.compile(r"(?<!\w)#(?=\d)")
_HASHTAG = re.compile(r"(?<!\w)#(?=\w)")
_ENDS = ".!?…:;,。！？，；："


def speakable(piece: str, language: str = "en") -> str:
    """One piece of a reply as it is to be said, "" where there is nothing to say.

    language: whose words stand in for abbreviations and units; a code that is not known leaves them as they are.
    """
    if _FENCE.match(piece):
        return CODE_LEFT_OUT
    lines = [_line(line, language) for line in piece.splitlines()]
    said = " ".join(line for line in lines if line)
    return said if any(character.isalnum() for character in said) else ""


def _line(line: str, language: str) -> str:
    if _RULE.match(line) or _TABLE_RULE.match(line):
        return ""
    marked = _LINE_MARKS.match(line) or _NUMBER_OF_LIST.match(line)
    text = _LINE_MARKS.sub("", line)
    text = _NUMBER_OF_LIST.sub(r"\1: ", text)
    if text.count("|") >= 2 and text.lstrip().startswith("|"):
        text = ", ".join(cell for cell in (part.strip() for part in text.split("|")) if cell)
        marked = marked or _NUMBER_OF_LIST.match("1. x")
    text = _without_markup(text)
    text = _in_words(text, language)
    text = re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", " ".join(text.split()))
    if marked and text and text.rstrip("”’\"')")[-1:] not in _ENDS:
        text += "."  # so that the voice comes to an end
    return text


def _without_markup(text: str) -> str:
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _FOOTNOTE.sub("", text)
    text = _ADDRESS.sub(_site, text)
    text = _TAG.sub(" ", text)
    text = html.unescape(text)
    text = _TEX.sub("", text)
    text = text.replace("`", "")
    text = _TIMES.sub(" × ", text)
    text = _EMPHASIS.sub("", text)
    return _EMOJI.sub(" ", text)


def _site(address: re.Match[str]) -> str:
    """Its host; what ends the sentence is not a part of it."""
    url = address[1].rstrip(_ENDS + "”’\"'")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # characters that no host's name may have
        host = ""
    return host.removeprefix("www.") + address[1][len(url) :]


def _in_words(text: str, language: str) -> str:
    for short, long in WORDS.get(language, {}).items():
        behind = r"(?=\s*\d)" if short in ONLY_BEFORE_A_NUMBER else ""
        text = re.sub(rf"(?<![\w.]){re.escape(short)}{behind}(?=\W|$)", partial(_kept_stop, long), text)
    to = RANGE.get(language)
    if to:
        text = _RANGE.sub(rf"\1 {to} \2", text)
        text = _ARROW.sub(f" {to} ", text)
    for unit, name in UNITS.get(language, {}).items():
        text = re.sub(rf"(?<=\d)[ \u00a0\u202f]?{re.escape(unit)}(?![\w/²³])", f" {name}", text)
    if language == "en":
        text = _MONEY.sub(_sum, text)
        text = _ABOUT.sub("about ", text)
        text = _NUMBER_SIGN.sub("number ", text)
    text = _HASHTAG.sub("", text)
    return _SLASH.sub(" ", text)


def _sum(money: re.Match[str]) -> str:
    return f"{money[2]}{money[3] or ''} {MONEY[money[1]]}{' per ' if money[4] else ''}"


def _kept_stop(long: str, match: re.Match[str]) -> str:
    """At the end of a text the abbreviation's full stop ends the sentence as well."""
    return f"{long}." if match.end() == len(match.string.rstrip()) and match.group().endswith(".") else long
