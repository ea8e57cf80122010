"""PyanNet, the segmentation network: SincNet, four bidirectional LSTM layers, a linear head over powerset classes.

Bredin, "pyannote.audio 2.1" (Interspeech 2023) and Plaquet and Bredin, "Powerset multi-class cross entropy loss"
(Interspeech 2023); sinc filters: Ravanelli and Bengio (arXiv:1808.00158) in the cosine and sine pairs of
Pariente et al. (arXiv:1910.10400). Names of parameters are those of the published weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

LOWEST = 50.0  # Hz; filters begin no lower and are no narrower
SINC, STRIDE = 251, 10  # samples; a filter, and the step between its outputs
FILTERS, WIDTH, HIDDEN = 80, 60, 128
CLASSES = 7  # sets of at most two of three people (models.segmentation.SETS)


class PyanNet(nn.Module):
    """Log-probabilities of the seven sets of speakers, (batch, frames, 7), for sound (batch, samples) at 16 kHz."""

    def __init__(self) -> None:
        super().__init__()
        self.sincnet = _SincNet()
        self.lstm = nn.LSTM(WIDTH, HIDDEN, num_layers=4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(2 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)])
        self.classifier = nn.Linear(HIDDEN, CLASSES)

    def forward(self, sound: Tensor) -> Tensor:
        x, _ = self.lstm(self.sincnet(sound.unsqueeze(1)).transpose(1, 2))
        for layer in self.linear:
            x = functional.leaky_relu(layer(x))
        return functional.log_softmax(self.classifier(x), dim=-1)


class _SincNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.conv1d = nn.ModuleList(
            [
                nn.Conv1d(1, FILTERS, SINC, stride=STRIDE, bias=False),
                nn.Conv1d(FILTERS, WIDTH, 5),
                nn.Conv1d(WIDTH, WIDTH, 5),
            ]
        )
        self.norm1d = nn.ModuleList([nn.InstanceNorm1d(n, affine=True) for n in (FILTERS, WIDTH, WIDTH)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.wav_norm1d(x)
        for i, (conv, norm) in enumerate(zip(self.conv1d, self.norm1d, strict=True)):
            x = conv(x)
            x = functional.max_pool1d(x.abs() if i == 0 else x, 3)
            x = functional.leaky_relu(norm(x))
        return x


def sinc_filters(low: Tensor, band: Tensor, rate: float = 16_000.0) -> Tensor:
    """The learnt band-pass filters, (80, 1, 251), from their edges `low` and widths `band`, (40, 1) each, in Hz."""
    half = SINC // 2
    n = 2 * torch.pi * torch.arange(-half, 0.0).view(1, -1) / rate
    window = torch.hamming_window(SINC, periodic=False)[:half]
    begin = LOWEST + low.abs()
    end = (begin + LOWEST + band.abs()).clamp(LOWEST, rate / 2)
    width = end - begin
    cosine = (torch.sin(end @ n) - torch.sin(begin @ n)) / (n / 2) * window
    sine = (torch.cos(begin @ n) - torch.cos(end @ n)) / (n / 2) * window
    even = torch.cat([cosine, 2 * width, cosine.flip(1)], dim=1)
    odd = torch.cat([sine, torch.zeros_like(width), -sine.flip(1)], dim=1)
    return (torch.cat([even, odd]) / (2 * torch.cat([width, width]))).unsqueeze(1)
