"""What a person says to steer the talk itself: to go on, or to be quiet. Recognised by their words alone."""

from __future__ import annotations

import re
from typing import Literal

Wish = Literal["go_on", "from_phrase_start", "quiet"]
"""go_on: with the next word. from_phrase_start: with the beginning of the phrase that was cut."""

_GO_ON = """
go on|go ahead|go on then|do go on|continue|carry on|keep going|proceed|and then|finish|finish your sentence
finish that|finish what you were saying|please go on|you were saying|go on with that|resume|as you were
weiter|mach weiter|machen sie weiter|erzähl weiter|sprich weiter|red weiter|rede weiter|fahr fort|fahre fort|und dann
continue|continuez|vas-y|allez-y|poursuis|poursuivez|la suite|et ensuite|et après
sigue|siga|continúa|continúe|adelante|sigue hablando|y luego
continua|continui|vai avanti|vada avanti|prosegui|e poi
continue por favor|continuar|pode continuar|siga em frente
ga door|ga verder|ga maar door|vertel verder
"""
_FROM_PHRASE_START = """
where were we|where were you|where did you stop|what were you saying
wo waren wir|wo waren wir stehengeblieben|was hast du gesagt|was sagtest du|sag das noch mal|sag das nochmal
où en étions-nous|où en étais-tu|que disais-tu|qu'est-ce que tu disais
dónde estábamos|por dónde íbamos|qué decías
dove eravamo|dove eravamo rimasti|cosa dicevi
onde estávamos|onde é que íamos
waar waren we|waar waren we gebleven|wat zei je
"""
_QUIET = """
stop|stop it|stop that|stop talking|stop now|be quiet|quiet|silence|shut up|hush|shush|enough|that's enough
that is enough|that will do|that'll do|no more|wait|wait a moment|wait a minute|wait a second|hold on|hang on
one moment|one second|just a moment|just a second|just a minute|never mind|nevermind|cancel|pause
stopp|halt|hör auf|sei still|sei ruhig|ruhe|still|genug|das reicht|es reicht|warte|warte mal|moment|moment mal
einen moment|schluss
arrête|arrêtez|tais-toi|taisez-vous|silence|ça suffit|attends|attendez|un instant|chut
para|basta|cállate|silencio|espera|espere|un momento|ya basta
fermati|zitto|zitta|silenzio|aspetta|un attimo|basta così
pare|pára|chega|espera|um momento|cala-te|cale-se|silêncio
hou op|wees stil|stil|genoeg|wacht|wacht even|een moment
"""
_POLITE = """
please ok okay oh no hey well now just yes yeah right so thanks alright interject sorry
bitte danke nun ja gut also doch s'il te plaît vous oui merci por favor gracias vale sí
per favore grazie sì por favor obrigado obrigada sim alsjeblieft graag
"""


def _plain(text: str) -> str:
    words = re.findall(r"[\w'-]+", text.casefold().replace("’", "'"))
    return " ".join(words)


def _listed(lines: str) -> frozenset[str]:
    return frozenset(_plain(wish) for line in lines.splitlines() for wish in line.split("|") if wish)


_WISHES: tuple[tuple[frozenset[str], Wish], ...] = (
    (_listed(_QUIET), "quiet"),
    (_listed(_FROM_PHRASE_START), "from_phrase_start"),
    (_listed(_GO_ON), "go_on"),
)


def wish_in(text: str) -> Wish | None:
    """The wish that is all of `text`, politeness and repetition aside. None where there is more to it."""
    spoken, polite = _plain(text).split(), _POLITE.split()
    while True:
        plain = " ".join(_once(spoken))
        for wishes, wish in _WISHES:
            if plain in wishes:
                return wish
        if spoken and spoken[0] in polite:
            spoken = spoken[1:]
        elif spoken and spoken[-1] in polite:
            spoken = spoken[:-1]
        else:
            return None


def _once(words: list[str]) -> list[str]:
    """ "stop stop stop" and "go on, go on" are said once: the words that, said again and again, make the whole."""
    for length in range(1, len(words) // 2 + 1):
        if len(words) % length == 0 and words[:length] * (len(words) // length) == words:
            return words[:length]
    return words
