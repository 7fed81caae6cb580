"""What stands in for a recogniser."""

import numpy as np

from assistant.speech.ears import Around, Ears, Heard, NoEars


def test_without_a_recogniser_only_the_length_is_known() -> None:
    ears: Ears = NoEars()
    heard = ears.hear(np.ones(24_000, np.float32), Around(), lambda: False)
    assert heard == Heard(text="", seconds=1.5, has_words=None)
