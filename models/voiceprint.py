"""Voiceprints: what a stretch of one person's speech sounds like, as a direction in space (CAM++)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.voice import RATE
from models.weights import embedded_folder, identity

NAME = "cam++"
BATCH = 8  # stretches of the same length
STEP = RATE // 4  # samples; lengths are cut to multiples of this, so that batches fill without padding
_FULL_SCALE = 32_768  # Kaldi's filter bank expects 16-bit values


class Voiceprint:
    """Holds the network. `hash` identifies the weights."""

    def __init__(self) -> None:
        """Raises WeightsError."""
        from safetensors.torch import load_file

        from models.campplus import WIDTH, CamPlusPlus

        self._network = CamPlusPlus()
        tensors = load_file(embedded_folder(NAME) / "model.safetensors")
        # The counters of batches seen, which training alone needs, are not in the file.
        own = self._network.state_dict()
        self._network.load_state_dict({k: own[k] for k in own if k.endswith("num_batches_tracked")} | tensors)
        self._network.eval()
        self.width = WIDTH
        self.hash = identity(NAME)

    def __call__(self, stretches: Sequence[np.ndarray]) -> np.ndarray:
        """Voiceprints of length 1, float32 (n, 192), of stretches of sound, float32 (samples,) at 16 kHz.

        A stretch shorter than a quarter of a second is too short to have one.
        """
        import torch

        prints = np.zeros((len(stretches), self.width), np.float32)
        lengths: dict[int, list[int]] = defaultdict(list)
        for i, sound in enumerate(stretches):
            lengths[sound.size // STEP].append(i)
        for steps, group in lengths.items():
            for at in range(0, len(group), BATCH):
                chosen = group[at : at + BATCH]
                banks = np.stack([filter_bank(stretches[i][: steps * STEP]) for i in chosen])
                with torch.inference_mode():
                    prints[chosen] = self._network(torch.from_numpy(banks)).numpy()
        return prints / np.maximum(np.linalg.norm(prints, axis=1, keepdims=True), 1e-9)


def filter_bank(sound: np.ndarray) -> np.ndarray:
    """Kaldi's log Mel filter bank less its mean over time, float32 (frames, 80)."""
    import kaldi_native_fbank

    bank = kaldi_native_fbank.OnlineFbank(_options())
    bank.accept_waveform(RATE, sound * _FULL_SCALE)
    banks = np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)])
    return banks - banks.mean(axis=0)


def _options() -> Any:
    import kaldi_native_fbank

    from models.campplus import MELS

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = MELS
    return options
