"""Settings: from the command line, from `CALLQA_*` in the environment, else these defaults."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.heads import Heads
from models.registry import chosen_heads
from models.segmentation import NAME as SEGMENTATION
from models.speech import VERSION as SPEECH_VERSION
from models.speech import Options
from models.vocabulary import Vocabulary, load_vocabulary
from models.voiceprint import NAME as VOICEPRINT
from models.weights import identity, silero_sha256

LANES_A_PROCESS = 8  # more decoding threads on one model stop paying; then another process is better


class Settings(BaseSettings):
    """How calls are inspected."""

    model_config = SettingsConfigDict(env_prefix="CALLQA_", extra="ignore", frozen=True)

    speech_model: str = Field("whisper-base", description="`whisper-base`, or a faster-whisper model by name or path")
    encoder: str = Field(
        "", description="`e5-small`, or a Hugging Face encoder by name or path; empty: the one the heads come with"
    )
    heads: str = Field(
        "", description="version of the language heads (`callqa models list`), `shipped`, or a folder; empty: current"
    )
    language: Literal["zh", "en", "auto"] = Field("auto", description="language of the calls; auto: heard in each call")
    channels: Literal["customer,agent", "agent,customer", "auto"] = Field("auto", description="who is on which channel")
    beam: int = Field(5, ge=1, le=10, description="beam of the second look at doubtful speech; 1: no second look")
    workers: int = Field(0, ge=0, le=64, description="processes that inspect calls; 0: one for every 8 cores")
    shard: int = Field(50, ge=1, le=500, description="calls in one Prefect task")
    handful: float = Field(
        600,
        ge=1,
        le=7200,
        description="seconds of audio transcribed together; fewer show progress sooner, more are faster",
    )
    vocabulary: str = Field("", description="YAML file of the names your calls are full of; empty: none")
    notify: SecretStr = Field(
        SecretStr(""), description="where the digest of a run's flags is sent: apprise addresses; empty: nowhere"
    )
    notify_reasons: bool = Field(False, description="the digest gives reasons, which may quote what was said")
    max_hours: float = Field(4.0, gt=0, le=24, description="longest recording accepted")

    @property
    def addresses(self) -> list[str]:
        """Where the digest of a run is sent, by commas or spaces apart."""
        return self.notify.get_secret_value().replace(",", " ").split()

    @cached_property
    def processes(self) -> int:
        """Worker processes."""
        return self.workers or max(1, cores() // LANES_A_PROCESS)

    @property
    def lanes(self) -> int:
        """Decoding threads of each worker process."""
        return max(1, cores() // self.processes)

    @property
    def options(self) -> Options:
        """Options of the transcriber."""
        return Options(model=self.speech_model, beam_on_doubt=self.beam, vocabulary=self.names)

    @cached_property
    def names(self) -> Vocabulary | None:
        """The business vocabulary, or None. Raises VocabularyError."""
        return load_vocabulary(self.vocabulary) if self.vocabulary else None

    def models(self) -> dict[str, str]:
        """Every model that takes part, by name of its job -> sha256. Raises WeightsError."""
        from models.announcements import load_announcements

        encoder, heads = self.language_models()
        return {
            "speech": identity(self.speech_model),
            "voice": silero_sha256(),
            "segmentation": identity(SEGMENTATION),
            "voiceprint": identity(VOICEPRINT),
            "encoder": identity(encoder),
            "heads": heads.hash,
            "announcement": load_announcements().hash,
        }

    def language_models(self) -> tuple[str, Heads]:
        """Name or path of the sentence encoder, and the heads. Raises UsageError and WeightsError."""
        _, heads = chosen_heads(self.heads)
        return self.encoder or heads.encoder, heads

    def pinned(self) -> Settings:
        """The same with the version of the heads that is current now: a run keeps it, whatever is adopted meanwhile."""
        return self.model_copy(update={"heads": chosen_heads(self.heads)[0]})

    def that_matter(self) -> dict[str, str | int]:
        """The settings that change results."""
        encoder, _ = self.language_models()
        # Where a registry lies changes no result; its encoders are told apart by their hash.
        name = self.encoder or (Path(encoder).name if Path(encoder).is_absolute() else encoder)
        return {
            "speech_model": self.speech_model, "encoder": name, "language": self.language,
            "channels": self.channels, "beam": self.beam, "speech_version": SPEECH_VERSION,
            "vocabulary": self.names.hash if self.names else "",
        }  # fmt: skip


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
