"""Roles on mixed recordings: stereo calls with a known map mixed down, words checked against the channels.

    python tests/bench/mono_roles.py CALLS.jsonl [--without-voices]

CALLS.jsonl is `facts.jsonl` of the demo calls, or a manifest whose lines have `audio` and `channels`. Prints one JSON
line. The truth of a word is the party whose channel is louder under it. DER is of the voices, best mapping, no
collar, 10 ms frames; where the lines tell no exact times, against Silero's voice activity of each channel.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from models.audio import decode
from models.reader import Reader
from models.speakers import Diarization, Speakers
from models.transcriber import Job, Transcriber, Transcription
from models.turns import Conversation, converse
from models.voice import RATE
from scoring.call import Role

FRAME = RATE // 100


def stereo_calls(listing: Path) -> list[tuple[Path, tuple[Role, Role], list[dict[str, Any]]]]:
    """Path, role of each channel, and exact turns where they are known."""
    calls = []
    for row in map(json.loads, listing.read_text(encoding="utf-8").splitlines()):
        channels = row.get("channels") or ()
        names = list(channels.values()) if isinstance(channels, dict) else list(channels)
        if sorted(names) == ["agent", "customer"]:
            path = listing.parent / (row.get("audio") or row["file"])
            calls.append((path, (Role(names[0]), Role(names[1])), row.get("turns", [])))
    return calls


def right_words(talk: Conversation, channels: np.ndarray, roles: tuple[Role, Role]) -> tuple[int, int]:
    """Words whose role is that of the louder channel, and all words."""
    energy = np.concatenate([np.zeros((2, 1)), np.cumsum(np.square(channels, dtype=np.float64), axis=1)], axis=1)
    right = total = 0
    for turn in talk.turns:
        for word in turn.words:
            first, last = (
                min(int(t * RATE), channels.shape[1]) for t in (word.start, max(word.end, word.start + 0.06))
            )
            louder = int((energy[:, last] - energy[:, first]).argmax())
            right += turn.role == roles[louder]
            total += 1
    return right, total


def truth_frames(channels: np.ndarray, roles: tuple[Role, Role], turns: list[dict[str, Any]]) -> np.ndarray:
    """Who speaks, bool (2, frames)."""
    speaks = np.zeros((2, channels.shape[1] // FRAME + 1), bool)
    if turns:
        for turn in turns:
            if turn["role"] in roles:
                row = roles.index(Role(turn["role"]))
                speaks[row, int(turn["start"] * 100) : int(turn["end"] * 100)] = True
        return speaks
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(threshold=0.5, min_silence_duration_ms=200, speech_pad_ms=30)
    for row, sound in zip(speaks, channels, strict=True):
        for piece in get_speech_timestamps(sound, options):
            row[piece["start"] // FRAME : piece["end"] // FRAME] = True
    return speaks


def diarization_errors(heard: Diarization, truth: np.ndarray) -> tuple[int, int]:
    """Frames of missed, false and confused speech together, and frames of speech (two at once count twice)."""
    found = np.zeros((max(heard.voices, 2), truth.shape[1]), bool)
    for span in heard.spans:
        found[span.voice, int(span.start * 100) : int(span.end * 100)] = True
    best = None
    for a in range(len(found)):
        for b in range(len(found)):
            if a != b:
                both = (found[a] & truth[0]).astype(int) + (found[b] & truth[1])
                wrong = int((np.maximum(found.sum(axis=0), truth.sum(axis=0)) - both).sum())
                best = wrong if best is None else min(best, wrong)
    return best or 0, int(truth.sum())


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("listing", type=Path, help="facts.jsonl or manifest.jsonl")
    parser.add_argument("--without-voices", action="store_true", help="words alone, for comparison")
    chosen = parser.parse_args()
    calls = stereo_calls(chosen.listing)
    if not calls:
        print(f"no stereo calls with known channels in {chosen.listing}", file=sys.stderr)
        return 2
    transcriber, reader, speakers = Transcriber(), Reader(), Speakers()
    each, spent, audio, right, total, wrong, spoken = {}, 0.0, 0.0, 0, 0, 0, 0
    sounds = [decode(path).samples for path, _, _ in calls]
    mixes = [np.ascontiguousarray(s.mean(axis=0, keepdims=True)) for s in sounds]
    transcriptions: list[Transcription] = transcriber([Job(mix) for mix in mixes])
    for (path, roles, turns), sound, mix, heard in zip(calls, sounds, mixes, transcriptions, strict=True):
        began = time.process_time()
        voices = speakers(mix[0], heard.speech[0])
        spent += time.process_time() - began
        audio += mix.shape[1] / RATE
        chosen_voices = None if chosen.without_voices else voices
        talk = converse(heard, reader.agent_odds, None, chosen_voices, reader.machine_odds)
        good, words = right_words(talk, sound, roles)
        errors, speech = diarization_errors(voices, truth_frames(sound, roles, turns))
        right, total, wrong, spoken = right + good, total + words, wrong + errors, spoken + speech
        each[path.stem] = {
            "words": words, "right": round(good / max(words, 1), 3), "role_confidence": round(talk.role_confidence, 3),
            "roles_by": talk.roles_by, "voices": voices.voices, "confidence": voices.confidence,
            "der": round(errors / max(speech, 1), 3),
        }  # fmt: skip
    print(json.dumps({
        "calls": len(calls), "words": total, "right": round(right / total, 4), "der": round(wrong / spoken, 4),
        "cpu_share_of_real_time": round(spent / audio, 4), "each": each,
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
