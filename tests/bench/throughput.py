"""Speed of the whole pipeline against plain faster-whisper on the same files in the same run; prints one JSON line.

    python tests/bench/throughput.py FOLDER [--rounds N]

Each side runs in a process of its own with its models loaded before the clock starts, in turns (ABAB...), and the
medians count: machines are noisy, ratios within a run are not. `peak_mb` is the pipeline process's own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flows.settings import cores

SUFFIXES = {".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".amr"}


def pipeline(files: Sequence[str], pipe: multiprocessing.connection.Connection) -> None:
    """Whole pipeline: decode, transcribe with word times, roles, signals, score, ledger."""
    from flows.addresses import work_for
    from flows.discovery import find_recordings
    from flows.plan import Shard
    from flows.recordings import take_in
    from flows.settings import Settings
    from flows.shard import inspect, reader, transcriber
    from scoring.rubric_file import load_rubric
    from store.ledger import Ledger

    settings, rubric = Settings(), load_rubric("service")
    transcriber(settings)
    reader(settings)
    models = settings.models()
    taken = take_in(find_recordings(files, None), None, None)
    works = tuple(work_for(i, models, settings.that_matter(), rubric.hash) for i in taken.calls)
    while pipe.recv() == "go":
        with tempfile.TemporaryDirectory() as folder:
            ledger = str(Path(folder) / "bench.sqlite")
            with Ledger.open(ledger) as opened:
                run = opened.begin_run(rubric.hash, models, settings.that_matter())
            reader(settings).forget()  # every round reads afresh
            began = time.perf_counter()
            done = inspect(Shard(works, rubric, settings, ledger, run, models))
            pipe.send((time.perf_counter() - began, done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def plain(files: Sequence[str], pipe: multiprocessing.connection.Connection) -> None:
    """faster-whisper as its own page shows it, one file after the other, each channel of a stereo file."""
    from faster_whisper import WhisperModel, decode_audio

    from models.audio import probe
    from models.weights import resolve

    model = WhisperModel(resolve("whisper-base"), device="cpu", compute_type="int8", cpu_threads=cores())
    while pipe.recv() == "go":
        began = time.perf_counter()
        for file in files:
            stereo = probe(file).channels == 2
            for channel in decode_audio(file, split_stereo=True) if stereo else (decode_audio(file),):
                segments, _ = model.transcribe(channel, beam_size=5, vad_filter=True)
                for _ in segments:
                    pass
        pipe.send((time.perf_counter() - began, len(files), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> int:
    """Run both sides in turns and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="recordings to measure on")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each side (default 3)")
    chosen = parser.parse_args()
    files = [str(p) for p in sorted(chosen.folder.rglob("*")) if p.suffix.lower() in SUFFIXES]
    if not files:
        print(f"no recordings in {chosen.folder}", file=sys.stderr)
        return 2
    from models.audio import decode

    audio = sum(decode(file).duration for file in files)
    context = multiprocessing.get_context("spawn")
    sides = {}
    for name, work in (("pipeline", pipeline), ("plain", plain)):
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(files, theirs), daemon=True)
        process.start()
        sides[name] = (ours, process)
    times: dict[str, list[float]] = {name: [] for name in sides}
    peak: dict[str, float] = {}
    for _ in range(chosen.rounds):
        for name, (ours, _process) in sides.items():
            ours.send("go")
            seconds, done, memory = ours.recv()
            if done != len(files):
                print(f"{name} finished {done} of {len(files)} files", file=sys.stderr)
                return 1
            times[name].append(seconds)
            peak[name] = memory
    for ours, process in sides.values():
        ours.send("stop")
        process.join(10)
    median = {name: statistics.median(values) for name, values in times.items()}
    print(json.dumps({
        "files": len(files), "audio_seconds": round(audio, 1), "rounds": chosen.rounds, "cores": cores(),
        "pipeline_x_realtime": round(audio / median["pipeline"], 2),
        "faster_whisper_x_realtime": round(audio / median["plain"], 2),
        "ratio": round(median["plain"] / median["pipeline"], 2),
        "peak_mb": round(peak["pipeline"]), "faster_whisper_peak_mb": round(peak["plain"]),
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
