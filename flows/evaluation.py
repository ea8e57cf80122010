"""Listening to recordings that are to be evaluated: by the product, mixed down, and by the peer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from flows.settings import Settings, cores
from flows.shard import LARGEST_HANDFUL, listen
from models.audio import Recording, decode, open_recording
from models.evaluation.manifest import Item, TrueTurn
from models.evaluation.peer import TITLE, Plain
from models.evaluation.results import Heard
from models.evaluation.transcripts import Transcripts, address, pack_turns, unpack_turns
from models.voice import find_speech, usual_gain
from models.weights import file_sha256
from scoring.call import Call
from scoring.errors import RecordingError


@dataclass(frozen=True, slots=True)
class Unheard:
    """A recording that could not be read, and what to do about it."""

    item: Item
    reason: str
    remedy: str


@dataclass(frozen=True)
class Listener:
    """How recordings are heard. `told`: both sides are told the language, instead of hearing it. `peer`: whether it
    listens too."""

    settings: Settings
    transcripts: Transcripts
    told: bool = False
    peer: bool = True

    def __call__(self, items: Sequence[Item], heard: Callable[[int], None]) -> tuple[list[Heard], list[Unheard]]:
        """Hear all items, in handfuls that fit the memory. heard: told of how many more are done."""
        found: dict[int, Heard] = {}
        lost: list[Unheard] = []
        # Recordings of one language together: told languages are a setting, and settings load models.
        order = sorted(range(len(items)), key=lambda i: items[i].language or "") if self.told else range(len(items))
        waiting: list[_Waiting] = []
        for n in order:
            try:
                waiting.append(self._fetch(n, items[n]))
            except RecordingError as error:
                lost.append(Unheard(items[n], error.message, error.remedy))
                heard(1)
                continue
            if self._full(waiting):
                found |= self._hear(waiting[:-1] or waiting)
                heard(len(waiting[:-1] or waiting))
                waiting = waiting[-1:] if len(waiting) > 1 else []
        if waiting:
            found |= self._hear(waiting)
            heard(len(waiting))
        return [found[n] for n in sorted(found)], lost

    def _full(self, waiting: Sequence[_Waiting]) -> bool:
        language_changes = self.told and waiting[0].item.language != waiting[-1].item.language
        seconds = sum(w.recording.duration for w in waiting if w.recording)
        return language_changes or seconds >= self.settings.handful or len(waiting) > LARGEST_HANDFUL

    def _fetch(self, number: int, item: Item) -> _Waiting:
        """A recording decoded, or what is kept of it. Raises RecordingError."""
        open_recording(item.path).close()
        sha256 = file_sha256(item.path)
        language = item.language if self.told else None
        own = {"language": language} | self._settings(language).that_matter() | self._models
        keys = {
            "own": address("own", sha256, own),
            "mixed": address("mixed", sha256, own),
            "peer": address(
                "peer",
                sha256,
                {
                    "model": self._models["speech"],
                    "peer": TITLE,
                    "language": language,
                    "apart": item.apart,
                },
            ),
        }
        kept = {side: self.transcripts.get(key) for side, key in keys.items()}
        waiting = _Waiting(number, item, keys, kept)
        if self._missing(waiting):
            waiting = replace(waiting, recording=decode(item.path, max_seconds=self.settings.max_hours * 3600))
        return waiting

    def _missing(self, w: _Waiting) -> bool:
        own = w.kept["own"]
        if own is None or (self._peer_listens(w.item) and w.kept["peer"] is None):
            return True
        return own["channels"] == 2 and w.kept["mixed"] is None

    def _peer_listens(self, item: Item) -> bool:
        return self.peer and (item.worded or item.silent)

    def _hear(self, handful: Sequence[_Waiting]) -> dict[int, Heard]:
        settings = self._settings(handful[0].item.language if self.told else None)
        self._listen([w for w in handful if w.kept["own"] is None], "own", settings, lambda r: r)
        stereo = [w for w in handful if w.recording and len(w.recording.samples) == 2 and w.kept["mixed"] is None]
        self._listen(stereo, "mixed", settings, _mixed)
        for w in handful:
            if w.recording and self._peer_listens(w.item) and w.kept["peer"] is None:
                # Where nobody knows a party a channel, the peer mixes a stereo file down by itself.
                samples = w.recording.samples if w.item.apart else _sum(w.recording.samples)
                texts = self._plain(samples, w.item.language if self.told else None)
                self._keep(w, "peer", {"texts": list(texts)})
        return {w.number: self._heard(w) for w in handful}

    def _listen(
        self, handful: Sequence[_Waiting], side: str, settings: Settings, form: Callable[[Recording], Recording]
    ) -> None:
        recordings = [form(w.recording) for w in handful if w.recording]
        calls = listen(recordings, settings) if recordings else []
        for w, recording, call in zip(handful, recordings, calls, strict=True):
            self._keep(w, side, _record(call, recording))

    def _keep(self, w: _Waiting, side: str, record: dict[str, Any]) -> None:
        w.kept[side] = record
        self.transcripts.put(w.keys[side], record)

    def _heard(self, w: _Waiting) -> Heard:
        own, mixed, peer = w.kept["own"], w.kept["mixed"], w.kept["peer"]
        if own is None:
            raise ValueError(f"{w.item.path} was not heard")
        return Heard(
            item=w.item,
            duration=own["duration"],
            channels=own["channels"],
            language=own["language"],
            turns=unpack_turns(own["turns"]),
            truth=w.item.turns or tuple(_voices(own["voices"], w.item)),
            mixed=unpack_turns(mixed["turns"]) if mixed and own["channels"] == 2 else None,
            peer=tuple(peer["texts"]) if peer and self.peer else None,
        )

    def _settings(self, language: str | None) -> Settings:
        return self.settings.model_copy(update={"language": language}) if language else self.settings

    @cached_property
    def _models(self) -> dict[str, str]:
        return self.settings.models()

    @cached_property
    def _plain(self) -> Plain:
        return Plain(self.settings.speech_model, cores())


@dataclass(frozen=True, slots=True)
class _Waiting:
    number: int
    item: Item
    keys: dict[str, str]
    kept: dict[str, dict[str, Any] | None]
    recording: Recording | None = None


def _mixed(recording: Recording) -> Recording:
    """The channels summed into one, as a recorder on one line hears them."""
    return replace(recording, samples=_sum(recording.samples))


def _sum(samples: np.ndarray) -> np.ndarray:
    """(channels, n) to (1, n)."""
    return np.asarray(samples.mean(axis=0, keepdims=True), dtype=np.float32)


def _record(call: Call, recording: Recording) -> dict[str, Any]:
    voices = [
        [[span.start, span.end] for span in find_speech(row, usual_gain(row))] for row in recording.samples
    ] if len(recording.samples) == 2 else []  # fmt: skip
    return {
        "duration": call.duration, "channels": len(recording.samples), "language": call.language,
        "turns": pack_turns(call.turns), "voices": voices,
    }  # fmt: skip


def _voices(voices: Sequence[Sequence[Sequence[float]]], item: Item) -> Iterator[TrueTurn]:
    """Where nobody wrote down who speaks when, a channel's voice tells it: its party is known."""
    turns = [
        TrueTurn(role, start, end)
        for role, spans in zip(item.channels or (), voices, strict=False)
        for start, end in spans
    ]
    yield from sorted(turns, key=lambda t: t.start)
