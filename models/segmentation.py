"""Who speaks when within ten seconds: up to three people, two at once (pyannote segmentation-3.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.voice import RATE
from models.weights import embedded_folder, identity

NAME = "segmentation-3.0"
WINDOW = 10 * RATE  # samples; what the network was trained on
FRAME = 270  # samples from one frame to the next
FIRST = 495  # sample in the middle of what the first frame hears
SETS = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))  # which of three people speak: the network's classes
BATCH = 8  # windows; more cost memory and save no time
_IN_SET = np.array([[person in people for person in range(3)] for people in SETS], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Ten seconds from sample `begin` on: the chance that each of three people speaks, float32 (frames, 3).

    The order of the people holds within the window only.
    """

    begin: int
    chances: np.ndarray


class Segmenter:
    """Holds the network. `hash` identifies the weights."""

    def __init__(self) -> None:
        """Raises WeightsError."""
        from safetensors.torch import load_file

        from models.pyannet import PyanNet

        self._network = PyanNet().eval()
        self._network.load_state_dict(load_file(embedded_folder(NAME) / "model.safetensors"))
        self.hash = identity(NAME)

    def __call__(self, samples: np.ndarray, begins: list[int]) -> Iterator[Window]:
        """Windows of a recording, float32 (n,) at 16 kHz, that begin at these samples."""
        import torch

        for at in range(0, len(begins), BATCH):
            batch = begins[at : at + BATCH]
            sound = np.zeros((len(batch), WINDOW), np.float32)
            for row, begin in zip(sound, batch, strict=True):
                cut = samples[begin : begin + WINDOW]
                row[: cut.size] = cut
            with torch.inference_mode():
                chances = self._network(torch.from_numpy(sound)).exp().numpy() @ _IN_SET
            for begin, found in zip(batch, chances, strict=True):
                # What lies beyond the end of the recording is padding; nobody speaks there.
                yield Window(begin, found[: max(0, (samples.size - begin - FIRST) // FRAME + 1)])
