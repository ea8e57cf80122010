"""Weights: assembled once, checked always, and clear about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.weights import EMBEDDED, embedded_folder, file_sha256, identity, packaged_file, verify
from scoring.errors import WeightsError


@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_weights_are_the_expected_ones(name: str) -> None:
    folder = embedded_folder(name)
    assert file_sha256(folder / EMBEDDED[name].main) == EMBEDDED[name].sha256 == identity(name)


def test_a_changed_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not the model")
    with pytest.raises(WeightsError, match="sha256") as caught:
        verify("whisper-base", tmp_path)
    assert "delete" in caught.value.remedy


def test_a_missing_package_names_the_command() -> None:
    with pytest.raises(WeightsError, match="not installed") as caught:
        packaged_file("callqa-no-such-weights", "x.bin")
    assert "weights.txt" in caught.value.remedy


def test_other_models_are_told_apart_by_content(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"a")
    first = identity(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"b")
    assert identity(str(tmp_path)) != first
    assert identity("owner/model") == "name:owner/model"
