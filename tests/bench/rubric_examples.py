"""How the shipped forms answer their example dialogues, by half: python -m tests.bench.rubric_examples [RUBRIC]

Dialogues are halved by the hash of their ids, file by file. Conditions of a form are mended by looking at wrong answers
of the first half only (they are listed); the other half tells how that carries over.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from flows.rubric_examples import chosen_examples, examples_beside, read_examples
from models.reader import Reader
from scoring.dialogue import Example
from scoring.evaluation import Status
from scoring.example_scores import DONE, ItemScore, score
from scoring.rubric_file import load_rubric


def looked_at(examples: Sequence[Example]) -> frozenset[str]:
    """Ids of the half that may be looked at."""
    files: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        files[example.origin].append(example.dialogue.id)
    return frozenset(
        i for ids in files.values() for i in sorted(ids, key=lambda i: sha256(i.encode()).hexdigest())[::2]
    )


def line(s: ItemScore) -> str:
    """Counts and rates of an item."""
    rates = [s.met.precision, s.met.recall, s.missed.precision, s.missed.recall, s.level]
    counts = [s.count(*DONE), s.count(Status.MISSED), s.count(Status.NOT_APPLICABLE)]
    return " ".join(
        [f"{s.item:22}", *(f"{c:3}" for c in counts), *("  - " if r is None else f"{r:.2f}" for r in rates)]
    )


def main() -> None:
    """Print both halves, and the wrong answers of the first."""
    name = sys.argv[1] if len(sys.argv) > 1 else "service"
    rubric = load_rubric(name)
    examples = chosen_examples(rubric, examples_beside(name, rubric.id))
    began = time.process_time()
    calls = list(read_examples(examples, rubric, Reader()))
    print(f"{len(examples)} dialogues, {time.process_time() - began:.0f} s of CPU")
    tuned = looked_at(examples)
    for title, half in (("looked at", True), ("unseen", False)):
        pairs = [(e, c) for e, c in zip(examples, calls, strict=True) if (e.dialogue.id in tuned) is half]
        print(f"\n{title}: {len(pairs)}\n{'item':22} met mis n/a metP metR misP misR level")
        scores = score(rubric, pairs)
        print("\n".join(map(line, scores)))
        for s in scores if half else ():
            for v in s.wrong:
                came = f"{v.expected} came {v.answer.status}: {v.answer.why} {v.quote!r}"
                print(f"  {s.item}: {v.example.dialogue.id}: {came}")


if __name__ == "__main__":
    main()
