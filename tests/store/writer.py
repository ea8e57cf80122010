"""A process that inspects: `writer.py URL GO PREFIX COUNT` says "ready", waits for the file GO and opens the ledger.

It saves COUNT evaluations, every other one under a key that all writers share, and prints each key when it is safe.
"""

import sys
import time
from pathlib import Path

from scoring.call import Call, Role, Turn
from scoring.engine import evaluate
from scoring.record import call_record
from scoring.rubric_file import load_rubric
from store.ledger import Ledger

url, go, prefix, count = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
rubric = load_rubric("service")
turns = (
    Turn(Role.AGENT, 0.0, 6.0, "您好，请问有什么可以帮您？我马上为您核实。", 0.9),
    Turn(Role.CUSTOMER, 6.0, 12.0, "我的宽带坏了，请快一点。", 0.9),
)
print("ready", flush=True)
while not go.exists():
    time.sleep(0.005)
with Ledger.open(url) as ledger:
    run = ledger.begin_run(rubric.hash, {}, {})
    for i in range(count):
        key = f"{prefix}-{i}" if i % 2 else f"shared-{i}"
        call = Call(key, 12.0, "zh", turns)
        evaluation = evaluate(call, rubric)
        ledger.save_evaluation(
            key,
            run_id=run,
            call=call,
            evaluation=evaluation,
            record=call_record(call, evaluation, audio=key, sha256=key),
            sha256=key,
            path=key,
            transcript_key=None,
            signals_key=None,
            models={},
            settings={},
        )
        print(key, flush=True)
    ledger.finish_run(run, "completed", {"evaluated": count})
