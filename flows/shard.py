"""One shard of calls: transcribe -> give roles -> read -> judge -> write to the ledger, call by call.

Runs in a worker process that keeps its models loaded. Knows nothing of Prefect, so that it can be called as it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from flows.addresses import Work
from flows.plan import Shard
from flows.settings import Settings
from models.audio import Recording, decode
from models.reader import Reader
from models.speakers import Speakers
from models.transcriber import Job, Transcriber, Transcription
from models.turns import converse
from scoring.call import Call, Role
from scoring.engine import evaluate
from scoring.errors import OutputError, RecordingError, WeightsError
from scoring.likeness import likened
from scoring.measures import measure
from scoring.record import call_record
from store.ledger import Ledger

LARGEST_HANDFUL = 40  # calls; of very short ones a handful would hold too many


@dataclass(frozen=True, slots=True)
class _Loaded:
    work: Work
    recording: Recording


@lru_cache(maxsize=1)
def transcriber(settings: Settings) -> Transcriber:
    """The process's speech model."""
    return Transcriber(settings.options, lanes=settings.lanes)


@lru_cache(maxsize=1)
def _reader(settings: Settings) -> Future[Reader]:
    return ThreadPoolExecutor(1, thread_name_prefix="load").submit(
        lambda: Reader(*settings.language_models(), lanes=settings.lanes)
    )


def reader(settings: Settings) -> Reader:
    """The process's language models. They load in the background from the first transcription on."""
    return _reader(settings).result()


@lru_cache(maxsize=1)
def speakers() -> Speakers:
    """The process's voice models; they load when the first mixed recording comes."""
    return Speakers()


def inspect(shard: Shard) -> int:
    """Inspect every call of a shard that is not done; the number evaluated. Raises OutputError and WeightsError."""
    evaluated = 0
    with Ledger.open(shard.ledger) as ledger:
        done = ledger.done(w.evaluation for w in shard.works)
        todo = [w for w in shard.works if w.evaluation not in done]
        heard = [w for w in todo if _judge_stored(ledger, shard, w)]
        evaluated += len(heard)
        known = {w.evaluation for w in heard}
        for handful in _handfuls(ledger, shard, [w for w in todo if w.evaluation not in known]):
            evaluated += _inspect_together(ledger, shard, handful)
    return evaluated


def listen(recordings: Sequence[Recording], settings: Settings) -> list[Call]:
    """Recordings to calls without signals, as `callqa transcribe` and the flow need them."""
    _reader(settings)
    language = None if settings.language == "auto" else settings.language
    heard = transcriber(settings)([Job(r.samples, language) for r in recordings])
    return [_call(r, t, settings) for r, t in zip(recordings, heard, strict=True)]


def _call(recording: Recording, heard: Transcription, settings: Settings) -> Call:
    channel_map = None if settings.channels == "auto" else [Role(r) for r in settings.channels.split(",")]
    mixed = recording.samples.shape[0] == 1
    voices = speakers()(recording.samples[0], heard.speech[0]) if mixed else None
    read = reader(settings)
    talk = converse(heard, read.agent_odds, channel_map, voices, read.machine_odds)
    details = {
        "channels": recording.samples.shape[0],
        "dual_mono": recording.dual_mono,
        "cut_off": recording.cut_off,
        "sample_rate": recording.source.sample_rate,
        "codec": recording.source.codec,
        "language_confidence": heard.language_confidence,
        "roles_by": talk.roles_by,
        "speech_not_recognised": heard.dropped,
        **({"voices": talk.voices} if talk.voices is not None else {}),
        **({"map_doubt": talk.map_doubt} if talk.map_doubt is not None else {}),
    }
    line = heard.line
    details["line"] = line.record(recording.offset)
    measures = measure(
        talk.turns, recording.duration, separate=talk.separate and not line.dead, music=line.music,
        voices=[channel.voices for channel in line.channels], role_confidence=talk.role_confidence,
        details=details,
    )  # fmt: skip
    return Call("", recording.duration, heard.language, talk.turns, measures=measures)


def _judge_stored(ledger: Ledger, shard: Shard, work: Work) -> bool:
    """Judge a call whose transcript is in the ledger already, without its audio. Whether that was so."""
    stored = ledger.transcript(work.transcript)
    if stored is None:
        return False
    call = Call(
        work.intake.call_id, stored.duration, stored.language, stored.turns, (), stored.measures, work.intake.metadata
    )
    signals = ledger.signals_of(work.signals)
    _judge(ledger, shard, work, call if signals is None else replace(call, signals=signals))
    return True


def _handfuls(ledger: Ledger, shard: Shard, works: Sequence[Work]) -> Iterator[list[_Loaded]]:
    """Decoded recordings, as many at a time as memory and batches like; what cannot be decoded is a failure."""
    handful: list[_Loaded] = []
    for work in works:
        try:
            loaded = _Loaded(work, decode(work.intake.path, max_seconds=shard.settings.max_hours * 3600))
        except RecordingError as error:
            _fail(ledger, shard, work, "decode", error.message, error.remedy)
            continue
        handful.append(loaded)
        if sum(x.recording.duration for x in handful) >= shard.settings.handful or len(handful) >= LARGEST_HANDFUL:
            yield handful
            handful = []
    if handful:
        yield handful


def _inspect_together(ledger: Ledger, shard: Shard, handful: Sequence[_Loaded]) -> int:
    """Transcribe a handful and judge each call; a call that breaks the models breaks alone."""
    began = time.monotonic()
    try:
        calls = listen([x.recording for x in handful], shard.settings)
    except (OutputError, WeightsError):
        raise
    except Exception as error:
        if len(handful) > 1:
            return sum(_inspect_together(ledger, shard, [x]) for x in handful)
        work = handful[0].work
        _fail(
            ledger,
            shard,
            work,
            "transcribe",
            f"unexpected {type(error).__name__}: {error}",
            "check the recording; if it plays, report this",
        )
        return 0
    spent = (time.monotonic() - began) / len(handful)
    for x, heard in zip(handful, calls, strict=True):
        call = replace(heard, id=x.work.intake.call_id, metadata=x.work.intake.metadata)
        ledger.save_transcript(
            x.work.transcript, call=call, sha256=x.work.intake.sha256, path=x.work.intake.path,
            models=shard.models, settings=shard.settings.that_matter(), seconds_spent=spent,
        )  # fmt: skip
        _judge(ledger, shard, x.work, call)
    return len(handful)


def _judge(ledger: Ledger, shard: Shard, work: Work, call: Call) -> None:
    """Read the call, evaluate it and write it all down."""
    settings = shard.settings.that_matter()
    if not call.signals:
        call = replace(call, signals=reader(shard.settings).signals(call.turns))
        ledger.save_signals(
            work.signals, transcript_key=work.transcript, signals=call.signals, models=shard.models, settings=settings
        )
    # Vectors of the sentences are remembered from reading them; of a stored call they are made anew from its words.
    call = likened(call, shard.rubric.asks, lambda said, wordings: reader(shard.settings).likeness(said, wordings))
    evaluation = evaluate(call, shard.rubric)
    record = call_record(call, evaluation, audio=str(work.intake.path), sha256=work.intake.sha256)
    ledger.save_evaluation(
        work.evaluation, run_id=shard.run_id, call=call, evaluation=evaluation, record=record,
        sha256=work.intake.sha256, path=work.intake.path, transcript_key=work.transcript, signals_key=work.signals,
        models=shard.models, settings=settings,
    )  # fmt: skip


def _fail(ledger: Ledger, shard: Shard, work: Work, stage: str, reason: str, remedy: str) -> None:
    ledger.record_failure(
        shard.run_id, work.intake.path, stage, reason, remedy,
        sha256=work.intake.sha256, call_id=work.intake.call_id, key=work.evaluation,
    )  # fmt: skip
