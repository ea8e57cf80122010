"""Speech to words for many recordings at once: speech clips of all calls pooled into full batches.

Decoding is faster-whisper's (CTranslate2). Clips are decoded greedily, longest first, on `lanes` threads that share
one model; a clip whose confidence asks for it is decoded again with beam search. Its batched mode passes over
Whisper's own checks, so `models.doubt` does them here.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from models import doubt
from models.clips import Clip, pack
from models.coverage import unheard
from models.line import Line, examine
from models.speech import Options
from models.vocabulary import Vocabulary
from models.voice import amplified, find_speech, usual_gain
from models.weights import identity, resolve
from models.written import write
from scoring.call import Span, Word
from scoring.errors import WeightsError

LANGUAGES = ("zh", "en")
LOOKS = 3  # at a clip and at what is left of it where the decoder stopped early
PROMPTS = {"zh": "以下是普通话的客服通话录音，使用简体中文和标点符号。", "en": None}


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one channel without a pause between them."""

    channel: int
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said in a recording. `speech` are all stretches with a voice, recognised or not, one tuple a channel."""

    language: str
    language_confidence: float
    utterances: tuple[Utterance, ...]
    speech: tuple[tuple[Span, ...], ...]
    dropped: int
    line: Line


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to transcribe: float32 (channels, n) at 16 kHz, and its language or None."""

    samples: np.ndarray
    language: str | None = None


class _Sound(NamedTuple):
    """A channel as it was recorded, and the gain to hear it at; an amplified copy of hours would fill the memory."""

    samples: np.ndarray
    gain: float


@dataclass(frozen=True, slots=True)
class _Material:
    """What one call of the transcriber works on: sound by recording and channel, encoder states kept by clip."""

    sound: Mapping[tuple[int, int], _Sound]
    states: dict[Clip, np.ndarray] = field(default_factory=dict)


class Transcriber:
    """Holds the model; call it with many recordings. `hash` identifies the weights."""

    def __init__(self, options: Options | None = None, *, lanes: int | None = None) -> None:
        """lanes: decoding threads, by default one a core. Raises WeightsError."""
        from models.listener import Listener

        self.options = options or Options()
        self.lanes = lanes or os.cpu_count() or 1
        name = self.options.model
        try:
            self._model = Listener(resolve(name), lanes=self.lanes)
        except (RuntimeError, ValueError, OSError) as error:
            reason = str(error).splitlines()[0]
            remedy = "give `whisper-base`, the folder of a faster-whisper model, or a name this machine can download"
            raise WeightsError(f"cannot load the speech model {name!r}: {reason}", remedy=remedy) from error
        self.hash = identity(name)
        self._pool = ThreadPoolExecutor(self.lanes, thread_name_prefix="decode")

    def __call__(self, jobs: Sequence[Job]) -> list[Transcription]:
        """Transcribe recordings; results in the order of the jobs."""
        sound = {
            (r, c): _Sound(row, usual_gain(row)) for r, job in enumerate(jobs) for c, row in enumerate(job.samples)
        }
        found = dict(zip(sound, self._pool.map(lambda x: find_speech(x.samples, x.gain), sound.values()), strict=True))
        material = _Material(sound)
        heard_on = [[found[r, c] for c in range(job.samples.shape[0])] for r, job in enumerate(jobs)]
        examined = list(self._pool.map(lambda job, speech: examine(job.samples, speech), jobs, heard_on))
        clips = [
            clip
            for r, (speech, _) in enumerate(examined)
            for c, pieces in enumerate(speech)
            for clip in pack(r, c, pieces)
        ]
        languages = self._languages(jobs, clips, material)
        heard: dict[int, list[Utterance]] = defaultdict(list)
        dropped: dict[int, int] = defaultdict(int)
        for clip, utterances, lost in self._decode(clips, languages, material):
            heard[clip.recording] += utterances
            dropped[clip.recording] += lost
        return [
            Transcription(
                language=languages[r][0],
                language_confidence=languages[r][1],
                utterances=tuple(sorted(heard[r], key=lambda u: (u.start, u.channel))),
                speech=tuple(tuple(pieces) for pieces in speech),
                dropped=dropped[r],
                line=line,
            )
            for r, (speech, line) in enumerate(examined)
        ]

    def _languages(self, jobs: Sequence[Job], clips: Sequence[Clip], material: _Material) -> list[tuple[str, float]]:
        """Language of each recording, given or heard in its longest clip, and its probability as it is heard there."""
        longest = {clip.recording: clip for clip in sorted(clips, key=lambda c: c.duration)}
        found = [(job.language or LANGUAGES[0], 0.0) for job in jobs]
        for group, heard in self._batches(longest.values(), lambda batch: self._hear_language(batch, material)):
            for clip, chances in zip(group, heard, strict=True):
                likeliest = max(LANGUAGES, key=lambda name: chances.get(name, 0.0))
                language = jobs[clip.recording].language or likeliest
                sure = chances.get(language, 0.0) / sum(chances.get(n, 0.0) for n in LANGUAGES)
                found[clip.recording] = (language, round(sure, 3))
        return found

    def _hear_language(self, batch: Sequence[Clip], material: _Material) -> list[dict[str, float]]:
        encoded = self._model.encode(self._features(batch, material))
        material.states.update(zip(batch, np.split(np.asarray(encoded), len(batch)), strict=True))
        heard = self._model.model.detect_language(encoded)
        return [{token[2:-2]: p for token, p in chances} for chances in heard]

    def _batches(self, clips: Iterable[Clip], work: Any) -> list[tuple[list[Clip], Any]]:
        """Run `work` on full batches of clips of similar length, longest first, on all lanes."""
        ordered = sorted(clips, key=lambda c: -c.duration)
        # As many batches as lanes, or a multiple of them: no lane waits for the others' last batch.
        rounds = -(-len(ordered) // (self.options.batch * self.lanes))
        size = max(1, -(-len(ordered) // (max(1, rounds) * self.lanes)))
        groups = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        return list(zip(groups, self._pool.map(work, groups), strict=True))

    def _decode(
        self, clips: Sequence[Clip], languages: Sequence[tuple[str, float]], material: _Material
    ) -> Iterable[tuple[Clip, list[Utterance], int]]:
        for language in LANGUAGES:
            own = [clip for clip in clips if languages[clip.recording][0] == language]
            for look in range(LOOKS):
                left: list[Clip] = []
                for clip, said in self._listen(own, language, material):
                    utterances = _utterances(clip, said, language, self.options.vocabulary)
                    rest = unheard(clip, [w for u in utterances for w in u.words]) if look + 1 < LOOKS else []
                    left += rest
                    again = sum(len(clip.pieces) for clip in rest)
                    yield clip, utterances, max(0, len(clip.pieces) - len(utterances) - again)
                own = left

    def _listen(self, clips: Sequence[Clip], language: str, material: _Material) -> list[tuple[Clip, list[Any]]]:
        """What is said in each clip: greedily, and once more with beam search where that leaves doubt."""
        first = self._batches(clips, lambda batch: self._transcribe(batch, material, language, beam=1))
        results = {id(clip): (clip, said) for group, output in first for clip, said in zip(group, output, strict=True)}
        doubtful = [clip for clip, said in results.values() if _worth_a_beam(said)]
        if self.options.beam_on_doubt > 1 and doubtful:
            again = self._batches(
                doubtful, lambda batch: self._transcribe(batch, material, language, beam=self.options.beam_on_doubt)
            )
            results |= {id(clip): (clip, said) for group, out in again for clip, said in zip(group, out, strict=True)}
        return list(results.values())

    def _transcribe(self, batch: Sequence[Clip], material: _Material, language: str, *, beam: int) -> list[Any]:
        from faster_whisper import BatchedInferencePipeline
        from faster_whisper.tokenizer import Tokenizer

        tokenizer = Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
        )
        details = [{"offset": 0.0, "duration": clip.duration} for clip in batch]
        pipeline = BatchedInferencePipeline(self._model)  # keeps state between batches, hence one for each
        names = self.options.vocabulary
        hotwords = names.hotwords(language, count=lambda text: len(tokenizer.encode(text))) if names else None
        options = _decoding(tokenizer, language, beam, hotwords or None)
        return pipeline.forward(self._states(batch, material), tokenizer, details, options)

    def _states(self, batch: Sequence[Clip], material: _Material) -> Any:
        """Encoder states of a batch; clips whose language was listened to are not heard again."""
        from ctranslate2 import StorageView

        new = [clip for clip in batch if clip not in material.states]
        states = {clip: material.states.pop(clip) for clip in batch if clip in material.states}
        if new:
            heard = np.asarray(self._model.encode(self._features(new, material)))
            states |= zip(new, np.split(heard, len(new)), strict=True)
        return StorageView.from_array(np.concatenate([states[clip] for clip in batch]))

    def _features(self, batch: Sequence[Clip], material: _Material) -> np.ndarray:
        from faster_whisper.audio import pad_or_trim

        extract = self._model.feature_extractor
        heard = [material.sound[clip.recording, clip.channel] for clip in batch]
        cuts = [amplified(clip.samples(x.samples), x.gain) for clip, x in zip(batch, heard, strict=True)]
        return np.stack([pad_or_trim(extract(cut)[..., :-1]) for cut in cuts])


def _decoding(tokenizer: Any, language: str, beam: int, hotwords: str | None = None) -> Any:
    from faster_whisper.transcribe import TranscriptionOptions, get_suppressed_tokens

    return TranscriptionOptions(
        beam_size=beam, best_of=1, patience=1, length_penalty=1, repetition_penalty=1.0,
        no_repeat_ngram_size=0 if beam == 1 else 8, log_prob_threshold=None, no_speech_threshold=None,
        compression_ratio_threshold=None, temperatures=[0.0], initial_prompt=PROMPTS[language], prefix=None,
        suppress_blank=True, suppress_tokens=get_suppressed_tokens(tokenizer, [-1]), prepend_punctuations="\"'“¿([{-",
        append_punctuations="\"'.。,，!！?？:：”)]}、", max_new_tokens=None, hotwords=hotwords, word_timestamps=True,
        hallucination_silence_threshold=None, condition_on_previous_text=False, clip_timestamps="0",
        prompt_reset_on_temperature=0.5, multilingual=False, without_timestamps=True, max_initial_timestamp=0.0,
    )  # fmt: skip


def _worth_a_beam(said: Sequence[dict[str, Any]]) -> bool:
    return any(s["avg_logprob"] < doubt.UNSURE_CLIP or doubt.loops(s["text"]) for s in said)


def _utterances(
    clip: Clip, said: Sequence[dict[str, Any]], language: str, vocabulary: Vocabulary | None = None
) -> list[Utterance]:
    """Words of a clip in the recording's time, piece by piece; what cannot be believed is dropped."""
    pieces: dict[int, list[Word]] = defaultdict(list)
    for segment in said:
        logprob = segment["avg_logprob"]
        if logprob < doubt.HOPELESS_CLIP or (
            segment["no_speech_prob"] > doubt.SILENT_CLIP and logprob < doubt.UNSURE_CLIP
        ):
            continue
        for word in segment.get("words", ()):
            k = clip.piece_at((word["start"] + word["end"]) / 2)
            start, end = clip.to_recording(float(word["start"]), k), clip.to_recording(float(word["end"]), k)
            text, sure = _written(word["word"], language), round(float(word["probability"]), 4)
            pieces[k].append(Word(round(start, 3), round(max(end, start), 3), text, sure))
    return [
        Utterance(clip.channel, write(words, language, vocabulary))
        for words in pieces.values()
        if doubt.believable("".join(w.text for w in words), words)
    ]


def _written(text: str, language: str) -> str:
    """A word as it is written in its language: simplified characters and full-width marks in Mandarin."""
    if language != "zh":
        return text
    return _HALF_WIDTH.sub(lambda mark: mark[0].translate(_FULL_WIDTH), _simplifier().convert(text))


_HALF_WIDTH = re.compile(r"(?<![A-Za-z0-9])[,?!:;]|[,?!:;]$")
_FULL_WIDTH = str.maketrans(",?!:;", "，？！：；")


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
