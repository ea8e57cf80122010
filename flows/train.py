"""Training in one flow: reviewed lines in, a version of the language models out, if it is better.

Read what people reviewed -> tune the encoder, if asked -> learn the heads and their twin -> compare with the version
in use on the frozen lines -> adopt it or refuse it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Completed

from flows.settings import Settings
from flows.training import Training, TrainRequest
from models.acceptance import Verdict
from models.version_card import comparison


@dataclass(frozen=True)
class Trained:
    """How training ended. `version`: the adopted one, None where it was refused or nothing was to be written."""

    verdict: Verdict
    version: int | None
    current: str
    learnt: tuple[str, ...]
    rows: tuple[dict[str, float | str], ...]
    warnings: tuple[str, ...]
    card: Path | None


@task(name="read-lessons", cache_policy=NO_CACHE)
def read_lessons(training: Training) -> None:
    """The corpus and what people reviewed."""
    training.read()


@task(name="tune-encoder", cache_policy=NO_CACHE)
def tune_encoder(training: Training) -> None:
    """The sentence encoder, learnt further; nothing where that was not asked for."""
    training.tune()


@task(name="learn-heads", cache_policy=NO_CACHE)
def learn_heads(training: Training) -> None:
    """The heads and their twin."""
    training.learn()


@task(name="compare-twins", cache_policy=NO_CACHE)
def compare_twins(training: Training) -> None:
    """The candidate's twin beside that of the version in use, on the frozen lines."""
    training.compare()


@task(name="register-version", cache_policy=NO_CACHE)
def register_version(training: Training) -> None:
    """Adopt the candidate, or remember that it was refused."""
    training.register()


STEPS = (read_lessons, tune_encoder, learn_heads, compare_twins, register_version)


@flow(name="train-language", flow_run_name="train {request.title}")
async def train_language(request: TrainRequest, settings: Settings | None = None) -> State[Trained]:
    """Train a candidate and adopt it if it is better. Raises CallqaError where nothing could be started."""
    with Training(request, settings or Settings()) as training:
        for step in STEPS:
            await finished(step.submit(training))
        outcome = outcome_of(training)
    await acreate_markdown_artifact(comparison(outcome.verdict), key="callqa-training", description="before and after")
    return state_of(outcome, request)


async def finished(step: PrefectFuture[Any]) -> None:
    """Wait for a step without holding up the flow's own heartbeat. Raises what the step raised."""
    await asyncio.to_thread(step.wait)
    await step.state.aresult()


def outcome_of(training: Training) -> Trained:
    """What there is to tell of a training that has ended."""
    return Trained(
        verdict=training.verdict,
        version=training.version.number if training.version else None,
        current=training.current.name,
        learnt=training.candidate.learnt,
        rows=training.candidate.rows,
        warnings=tuple(training.warnings),
        card=training.version.card if training.version else None,
    )


def state_of(outcome: Trained, request: TrainRequest) -> State[Trained]:
    """The run's state, named by how it ended. A refusal is an answer, not a failure."""
    why = "; ".join(outcome.verdict.reasons)
    if not outcome.verdict.adopt:
        return Completed(name="Refused", message=why, data=outcome)
    return Completed(name="WouldAdopt" if request.dry_run else "Adopted", message=why, data=outcome)
