"""Reviewed lines for tests, a small corpus beside them, and the vectors of all: python -m tests.samples.reviewers

A call centre greets with 云帆吉祥, which the shipped heads do not know. The corpus is some two hundred of our lines.
Vectors are those of the shipped encoder, kept so that tests need not load it (models.remembered).
"""

from __future__ import annotations

import json
import random
from pathlib import Path

HERE = Path(__file__).parent / "reviewing"
CORPUS = Path(__file__).parents[2] / "models" / "corpus"
RITUAL = "云帆吉祥"
BEFORE = ("", "哎", "嗯", "喂", "那个")
NAMES = ("王先生", "李女士", "张总", "刘姐", "陈老师")
PRESENT = ("很高兴接听", "是我在听", "这边在", "我在线上")
ORDINARY = ("的单子还没有审完", "说的地址在系统里", "那台机器明天装", "的发票已经开了", "要的颜色没有货")


def ritual() -> list[tuple[str, bool]]:
    """200 sentences and whether they greet: half of them with the ritual."""
    greet = [(f"{a}{RITUAL}{b}{c}", True) for a in BEFORE for b in NAMES for c in PRESENT]
    return greet + [(f"{a}{b}{c}", False) for a in BEFORE[:4] for b in NAMES for c in ORDINARY]


def answered() -> list[tuple[str, bool]]:
    """Some 200 sentences as reviewers meet them: greetings with the ritual, greetings as everybody says them, and what
    is none."""
    said = ritual()
    return [row for i, row in enumerate(said) if i >= 100 or i % 5 < 3] + [(text, True) for text in plain()]


def plain() -> list[str]:
    """Greetings as everybody says them, none of them in the small corpus."""
    return (HERE / "plain.txt").read_text(encoding="utf-8").split("\n")


def _short(path: Path, longest: int) -> list[dict]:
    """Lines of a corpus file up to so many characters."""
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    return [row | {"context": None} for row in rows if len(row["text"]) < longest]


def main() -> None:
    """Write the corpus, the plain greetings and the vectors."""
    from models.clauses import pieces
    from models.encoder import DEFAULT, Encoder
    from models.remembered import Remembered

    chosen, rows, greet = random.Random(4), [], []
    for path in sorted(CORPUS.glob("zh-*.jsonl")):
        greet += [row for row in _short(path, 34) if "greeting" in row["labels"] and row["role"] == "agent"]
        talk = [row for row in _short(path, 12) if "greeting" not in row["labels"]]
        rows += chosen.sample(talk, min(12, len(talk)))
    chosen.shuffle(greet)
    rows, others = rows + greet[:80], [row["text"] for row in greet[80:130]]
    (HERE / "corpus").mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (HERE / "corpus" / "zh-small.jsonl").write_text(text, encoding="utf-8")
    (HERE / "plain.txt").write_text("\n".join(dict.fromkeys(others)), encoding="utf-8")
    texts = [piece for text in [*(r["text"] for r in rows), *dict(ritual()), *plain()] for piece in pieces(text).texts]
    encoder = Encoder(DEFAULT)
    for old in (HERE / "vectors").glob("*.npz"):
        old.unlink()
    vectors = Remembered(encoder, encoder.hash, HERE / "vectors")
    vectors(texts)
    vectors.keep(texts)
    print(len(rows), sum("greeting" in row["labels"] for row in rows), len(plain()), len(texts))


if __name__ == "__main__":
    main()
