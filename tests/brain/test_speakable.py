"""Written text as it is to be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.speakable import CODE_LEFT_OUT, speakable


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Plain words, as they are.", "Plain words, as they are."),
        ("**Bold**, *soft* and ~~gone~~ and __strong__.", "Bold, soft and gone and strong."),
        ("# The plan", "The plan."),
        ("- Salt", "Salt."),
        ("* [x] Salt it!", "Salt it!"),
        ("2. Smoke it", "2: Smoke it."),
        ("> He said so", "He said so."),
        ("---", ""),
        ("***", ""),
        ("😀", ""),
        ("Good 😀!", "Good!"),
        ("See [the page](https://a.example/x?y=1).", "See the page."),
        ("See https://www.example.com/a/b?c=d.", "See example.com."),
        ("It (https://a.example/Herring_(fish)) is <https://b.example>, “https://c.example”!",
         "It (a.example) is b.example, “c.example”!"),
        ("so https://a\u2100b it is", "so it is"),
        ("![a herring](h.png)", "a herring"),
        ("Call `print(x)` now.", "Call print(x) now."),
        ("a <b>bold</b> &amp; new", "a bold & new"),
        ("| Fish | Hours |", "Fish, Hours."),
        ("|---|:--:|", ""),
        ("so it is[1].", "so it is."),
        ("$x = 2$ holds", "x = 2 holds"),
        ("2 * 3 and 2*3", "2 × 3 and 2 × 3"),
        ("my_file_name", "my_file_name"),
        ("```py\nx = 1\n```\n", CODE_LEFT_OUT),
    ],
)
def test_markup_is_not_read_out(written: str, said: str) -> None:
    assert speakable(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Dr. Weber and Mr. Hill vs. St. Mary", "Doctor Weber and Mister Hill versus Saint Mary"),
        ("No. 5 costs $5.", "number 5 costs 5 dollars."),
        ("No. Not that.", "No. Not that."),
        ("Salt, smoke etc.", "Salt, smoke et cetera."),
        ("$1.5 million and £3", "1.5 million dollars and 3 pounds"),
        ("5 km at 60 km/h, or 3kg", "5 kilometres at 60 kilometres an hour, or 3 kilograms"),
        ("$4.50/bag", "4.50 dollars per bag"),
        ("pages 3–5 or 10-12", "pages 3 to 5 or 10 to 12"),
        ("2024-12-25", "2024-12-25"),
        ("and/or ~5 of #1", "and or about 5 of number 1"),
        ("20 °C, 50%, 3:30, 1,000, 2nd", "20 °C, 50%, 3:30, 1,000, 2nd"),
        ("A → B", "A to B"),
    ],
)
def test_what_espeak_spells_out_is_written_out_and_what_it_reads_well_is_left(written: str, said: str) -> None:
    assert speakable(written, "en") == said


def test_other_languages_have_their_own_words() -> None:
    assert speakable("z. B. ca. 5 km, 3–5 Tage", "de") == "zum Beispiel circa 5 Kilometer, 3 bis 5 Tage"
    assert speakable("Dr. 5 km", "xx") == "Dr. 5 km"


@given(text=st.text(max_size=120))
def test_it_says_something_or_nothing_and_never_breaks(text: str) -> None:
    said = speakable(text)
    assert said == "" or any(character.isalnum() for character in said)
    assert said == " ".join(said.split())


@given(words=st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=30).map(" ".join))
def test_plain_words_are_left_as_they_are(words: str) -> None:
    assert speakable(words, "xx") == words
