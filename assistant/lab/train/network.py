"""The detector's network as torch sees it while it learns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assistant.speech.head import INPUTS

DENSE = 64
UNITS = 48
FRAMES = 3
"""The causal convolution sees the frame and the two before it."""


class DetectorNetwork(nn.Module):
    """inputs → dense → causal convolution over FRAMES → GRU → one logit a frame: the log-odds that the user speaks."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor) -> None:
        """mean, deviation: (INPUTS,) of the training's inputs, which are brought to a common scale with them."""
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.dense = nn.Linear(INPUTS, DENSE)
        self.convolution = nn.Conv1d(DENSE, DENSE, FRAMES)
        self.gru = nn.GRU(DENSE, UNITS, batch_first=True)
        self.out = nn.Linear(UNITS, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, inputs: Tensor) -> Tensor:
        """inputs: (sequences, frames, INPUTS). Returns (sequences, frames). The time before the first frame is zero."""
        # The weights are brought to the scale of the inputs, which are thousands of times as many, not these to theirs.
        dense = self.dense.weight / self.deviation
        hidden = torch.tanh(nn.functional.linear(inputs, dense, self.dense.bias - dense @ self.mean))
        hidden = self.dropout(hidden).transpose(1, 2)
        hidden = torch.relu(self.convolution(nn.functional.pad(hidden, (FRAMES - 1, 0)))).transpose(1, 2)
        logits: Tensor = self.out(self.dropout(self.gru(hidden)[0])).squeeze(-1)
        return logits
