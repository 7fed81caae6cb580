"""Fits the network to examples: weighted cross-entropy, and a loss on the worst moment of sounds that are no voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from assistant.lab.train.examples import Examples
from assistant.lab.train.network import DetectorNetwork
from assistant.speech.head import STATE

BATCH = 64
CROP = 312
"""Frames of a sequence in one step, from a random place on: 5 s. Shorter steps learn as well and cost less."""
RATE = 3e-3
WEIGHT_DECAY = 1e-2
JITTER = 0.3
"""Deviations of noise on every input while it learns, lest it knows the talkers of a few minutes of speech by heart.
It halves the ducks for noises that it never heard, at the same delay."""
TAIL_SHARE = 0.2
TAIL_FRAMES = 4
"""64 ms: what is as sure as a voice for so long costs a duck or a stop."""
FOOLED = 3.0
"""Weight of sounds that Silero alone takes for a voice."""


def fit(
    examples: Examples,
    chosen: Sequence[int],
    epochs: int,
    seed: int,
    tell: Callable[[str], None] = lambda _: None,
    learnt: DetectorNetwork | None = None,
) -> DetectorNetwork:
    """Trains on the `chosen` sequences, one thread, the same weights for the same seed.

    learnt: a network to go on from, at a third of the rate; it is not changed itself.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    inputs = torch.from_numpy(examples.inputs)
    target, weight = torch.from_numpy(examples.is_voice), torch.from_numpy(examples.weight)
    some = inputs[torch.from_numpy(np.asarray(chosen)[:: max(1, len(chosen) // 300)])].float().flatten(0, 1)
    network = deepcopy(learnt) if learnt else DetectorNetwork(some.mean(0), some.std(0).clamp_min(0.05))
    rate = RATE / 3 if learnt else RATE
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=WEIGHT_DECAY)
    batches = max(1, len(chosen) // BATCH)
    jitter = _Jitter(rng)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * batches, pct_start=0.15)
    for epoch in range(epochs):
        order = rng.permutation(np.asarray(chosen))
        total = 0.0
        network.train()
        for batch in range(batches):
            at = torch.from_numpy(order[batch * BATCH : (batch + 1) * BATCH])
            start = int(rng.integers(inputs.shape[1] - CROP + 1)) if rng.random() < 0.7 else 0
            span = slice(start, start + CROP)
            heard = inputs[at, span].float()
            heard_about = torch.addcmul(heard, JITTER * network.deviation, jitter.like(heard))
            loss = _loss(network(heard_about), heard, target[at, span], weight[at, span])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        tell(f"epoch {epoch + 1} of {epochs}: loss {total / batches:.4f}")
    return network.eval()


class _Jitter:
    """Normal noise, of which every step takes another stretch: to draw it anew was a fifth of a training's time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._noise = torch.randn(0)

    def like(self, inputs: Tensor) -> Tensor:
        """Noise of deviation 1 in the shape of `inputs`."""
        if self._noise.numel() < 2 * inputs.numel():
            self._noise = torch.randn(2 * inputs.numel())
        start = int(self._rng.integers(self._noise.numel() - inputs.numel() + 1))
        return self._noise[start : start + inputs.numel()].view_as(inputs)


def logits_of(network: DetectorNetwork, examples: Examples, chosen: Sequence[int]) -> npt.NDArray[np.float32]:
    """(chosen, frames): the network's log-odds."""
    with torch.no_grad():
        parts = [
            network(torch.from_numpy(examples.inputs[list(chosen[at : at + 64])]).float()).numpy()
            for at in range(0, len(chosen), 64)
        ]
    return np.concatenate(parts)


def _loss(logits: Tensor, inputs: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    fooled = (inputs[..., STATE] > 0) & (target == 0)
    weight = weight * torch.where(fooled, FOOLED, 1.0)
    each = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    loss = (each * weight).sum() / weight.sum()
    no_voice = target.amax(1) == 0
    if no_voice.any():
        worst = logits[no_voice].unfold(1, TAIL_FRAMES, 1).mean(-1).amax(1)
        loss = loss + TAIL_SHARE * nn.functional.softplus(worst).mean()
    return loss
