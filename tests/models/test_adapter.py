"""The adapter is added exactly, only to what it was made for, and its sources are never judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from models.adapter import adapter_facts, add_adapter, save_adapter
from models.encoder import DEFAULT
from models.examples import read_corpus
from models.misheard import Misheard
from models.training import by_source, met
from models.weights import EMBEDDED
from scoring.errors import WeightsError

NAME = "encoder.layer.7.attention.self.query"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    """An adapter in a folder beside a model of one matrix; the matrix before, and what is added."""
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(24, 16)).astype(np.float16)
    a, b = rng.normal(size=(4, 16)).astype(np.float32), (rng.normal(size=(24, 4)) * 0.02).astype(np.float32)
    save_file({f"{NAME}.weight": weight, "other": weight}, tmp_path / "model.safetensors")
    save_adapter({NAME: (a, b)}, tmp_path, encoder_sha256="e", seen=["zh:bank"])
    return tmp_path, weight, b @ a


def test_what_is_added_is_the_product(made: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, before, added = made
    add_adapter(folder / "model.safetensors", folder)
    after = load_file(folder / "model.safetensors")
    assert (after["other"] == before).all()
    assert np.abs(after[f"{NAME}.weight"] - (before.astype(np.float32) + added)).max() < 2e-3  # float16 near 3
    assert (after[f"{NAME}.weight"] != before).mean() > 0.9


def test_another_file_is_refused(made: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder = made[0]
    data = bytearray((folder / "adapter.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "adapter.safetensors").write_bytes(bytes(data))
    with pytest.raises(WeightsError, match="is not the file") as caught:
        add_adapter(folder / "model.safetensors", folder)
    assert "adapter_training" in caught.value.remedy


def test_the_shipped_adapter_is_for_the_shipped_encoder() -> None:
    assert adapter_facts().encoder_sha256 == EMBEDDED["e5-small"].sha256
    assert met(EMBEDDED[DEFAULT].sha256) == adapter_facts().seen
    assert met(EMBEDDED["e5-small"].sha256) == frozenset()


def test_sources_the_encoder_has_met_are_never_judged() -> None:
    sources = np.array([e.source for e in read_corpus()])
    seen = adapter_facts().seen
    folds = by_source(sources, seen)
    judged = np.concatenate([unseen for _, unseen in folds])
    assert sorted(judged) == np.flatnonzero(~np.isin(sources, list(seen))).tolist()
    for learnt, unseen in folds:
        assert not set(sources[learnt]) & set(sources[unseen])
        assert len(learnt) + len(unseen) == len(sources)


def test_misheard_lines_keep_words_and_sounds() -> None:
    from random import Random

    examples = read_corpus()[::50]
    misheard = Misheard(examples, Random(1))
    told = [misheard(e) for e in examples]
    same = np.mean([t == e.text for t, e in zip(told, examples, strict=True)])
    assert 0.3 < same < 0.7
    assert all(any(map(str.isalnum, t)) for t in told)
    lengths = [len(t) / len(e.text) for t, e in zip(told, examples, strict=True)]
    assert 0.6 < min(lengths) <= max(lengths) < 1.2
