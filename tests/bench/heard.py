"""What recognition costs understanding: labelled lines are spoken, sent down a telephone line, and heard again.

    python tests/bench/heard.py speak data/act.zh.jsonl.gz --set gold_train --voices DIR --out OUT   # tests/samples
    python tests/bench/heard.py hear OUT
    callqa evaluate language OUT/clean/*.jsonl && callqa evaluate language OUT/heard/*.jsonl

The first command runs in the environment of tests/samples (its README says how), the second in callqa's own. OUT/clean
and OUT/heard then hold the same lines with the same labels, as written and as recognised; a line that was not heard at
all keeps an empty text, which is a mistake like any other. One voice a line, in turn; no context on either side.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import wave
from collections import defaultdict
from pathlib import Path
from typing import Any

VOICES = {
    "zh": ("zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi"),
    "en": ("af_heart", "af_bella", "am_michael", "bf_emma", "bm_george"),
}
LONGEST = {"zh": 45, "en": 150}  # characters; longer lines are typed, not said
RATE = 8_000


def choose(path: Path, name: str, language: str, each: int) -> list[dict[str, Any]]:
    """Lines that can be read aloud: at most so many of a class, without the set's placeholders."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row.get("set") == name]
    by_class = defaultdict(list)
    for row in rows:
        if row.get("role") != "customer" and 2 <= len(row["text"]) <= LONGEST[language] and "[" not in row["text"]:
            by_class[row["label"]].append(row)
    draw = random.Random(f"{name}:{each}")
    return [row for _, rows in sorted(by_class.items()) for row in draw.sample(rows, min(each, len(rows)))]


def speak(arguments: argparse.Namespace) -> None:
    """Write OUT/clean/<file>.jsonl and one telephone recording a line."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "samples"))
    import mixing
    import numpy as np
    from voice import TTS_RATE, Speaker

    language = arguments.file.name.split(".")[1]
    speaker, voices = Speaker(arguments.voices), VOICES[language]
    rows = choose(arguments.file, arguments.set, language, arguments.each)
    clean = arguments.out / "clean"
    clean.mkdir(parents=True, exist_ok=True)
    with (clean / f"{arguments.file.name.split('.jsonl')[0]}.jsonl").open("a", encoding="utf-8") as out:
        for number, row in enumerate(rows):
            path = arguments.out / "audio" / f"{language}-{arguments.set}-{number:04d}.wav"
            path.parent.mkdir(exist_ok=True)
            samples = mixing.telephone(speaker(row["text"], language, voices[number % len(voices)], 1.0), TTS_RATE)
            padded = np.pad(samples * 10 ** (mixing.LEVEL["agent"] / 20) / max(_rms(samples), 1e-6), RATE // 2)
            with wave.open(str(path), "wb") as sound:
                sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(RATE)
                sound.writeframes((np.clip(padded, -1, 1) * 32767).astype("<i2").tobytes())
            kept = {k: row[k] for k in ("text", "label", "labels", "role", "set", "source") if k in row}
            out.write(json.dumps(kept | {"audio": path.name, "language": language}, ensure_ascii=False) + "\n")
            print(f"{number + 1}/{len(rows)}", end="\r", flush=True)


def _rms(samples: Any) -> float:
    return float((samples**2).mean() ** 0.5)


def hear(arguments: argparse.Namespace) -> None:
    """Write OUT/heard/<file>.jsonl: the same lines as callqa recognises them."""
    from flows.settings import Settings
    from flows.shard import listen
    from models.audio import decode

    heard = arguments.out / "heard"
    heard.mkdir(exist_ok=True)
    for path in sorted((arguments.out / "clean").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        calls = []
        for at in range(0, len(rows), 50):
            recordings = [decode(arguments.out / "audio" / row["audio"]) for row in rows[at : at + 50]]
            calls += listen(recordings, Settings(language=rows[0]["language"]))
            print(f"{path.stem}: {len(calls)}/{len(rows)}", flush=True)
        with (heard / path.name).open("w", encoding="utf-8") as out:
            for row, call in zip(rows, calls, strict=True):
                text = ("" if row["language"] == "zh" else " ").join(turn.text for turn in call.turns)
                out.write(json.dumps(row | {"text": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    speaking = commands.add_parser("speak")
    speaking.add_argument("file", type=Path)
    speaking.add_argument("--set", required=True)
    speaking.add_argument("--voices", type=Path, required=True)
    speaking.add_argument("--each", type=int, default=20, help="lines of a class at most")
    speaking.add_argument("--out", type=Path, required=True)
    speaking.set_defaults(do=speak)
    hearing = commands.add_parser("hear")
    hearing.add_argument("out", type=Path)
    hearing.set_defaults(do=hear)
    chosen = parser.parse_args()
    chosen.do(chosen)
