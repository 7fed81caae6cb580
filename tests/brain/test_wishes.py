"""A few words steer the talk itself, and only when they are all that was said."""

import pytest

from assistant.brain.wishes import Wish, wish_in


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Go on.", "go_on"),
        ("Okay, please continue!", "go_on"),
        ("yes go on", "go_on"),
        ("Go on, go on.", "go_on"),
        ("You were saying?", "go_on"),
        ("Mach bitte weiter.", None),
        ("Bitte weiter!", "go_on"),
        ("Continuez, s’il vous plaît.", "go_on"),
        ("Sigue, por favor", "go_on"),
        ("Where were we?", "from_phrase_start"),
        ("So, wo waren wir?", "from_phrase_start"),
        ("Où en étions-nous ?", "from_phrase_start"),
        ("Stop!", "quiet"),
        ("stop stop stop", "quiet"),
        ("Be quiet, please.", "quiet"),
        ("That's enough", "quiet"),
        ("That’s enough, thanks.", "quiet"),
        ("Hör auf!", "quiet"),
        ("Tais-toi.", "quiet"),
        ("Cállate", "quiet"),
        ("Stop at the second one and tell me more.", None),
        ("Go on to the next recipe.", None),
        ("No.", None),
        ("Please.", None),
        ("", None),
    ],
)
def test_the_wish_in_a_text(text: str, wish: Wish | None) -> None:
    assert wish_in(text) == wish
