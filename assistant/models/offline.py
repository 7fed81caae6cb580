"""Libraries that load models ask nobody: the switch that Hugging Face's library offers, and who threw it."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

_SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
}
_OWN_MARK = "INTERJECT_KEEPS_LOADERS_OFFLINE"
_YES = {"1", "ON", "YES", "TRUE"}


def keep_loaders_offline(environ: MutableMapping[str, str] = os.environ) -> None:
    """Call before anything imports huggingface_hub, which reads the switch once. Downloads are not switched off."""
    if not is_offline_wanted(environ):
        environ.update({**_SWITCHES, _OWN_MARK: "1"})


def is_offline_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the person has set HF_HUB_OFFLINE: then nothing is downloaded either."""
    switched = any(environ.get(name, "").upper() in _YES for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
    return switched and _OWN_MARK not in environ
