"""Training from reviewed lines, with real sentence vectors: adopted when better, refused when not, and brought back.

A call centre greets with 云帆吉祥, which the shipped heads do not know. Reviewers who say so teach it; reviewers who
answer by the toss of a coin, or who deny every greeting there is, do not.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import Command
from samples.reviewers import HERE, RITUAL, answered, plain, ritual
from tiny_encoder import make_encoder

from flows.addresses import work_for
from flows.recordings import Intake
from flows.settings import Settings
from flows.training import TELLER, Training, TrainRequest
from models.encoder import DEFAULT, Encoder
from models.examples import Example
from models.features import WIDTH
from models.heads import assembled, load_heads, save_heads
from models.reader import Line, Reader
from models.registry import TWIN, Registry, chosen_heads
from models.remembered import Remembered
from models.reviewed import Lesson
from models.weights import identity
from scoring.call import Metadata, Role
from scoring.errors import UsageError
from scoring.labels import LABELS


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("train")


@pytest.fixture(scope="module")
def vectors() -> dict[str, Remembered]:
    """Sentence vectors of the shipped encoder; what is not among those kept is encoded anew, which takes longer."""
    hash_ = identity(DEFAULT)
    return {hash_: Remembered(lambda texts: Encoder(DEFAULT)(texts), hash_, HERE / "vectors")}


def reviewed(folder: Path, name: str, answers: Iterable[tuple[str, bool]]) -> str:
    """A file of what people answered to: is this a greeting?"""
    rows = [{"text": text, "role": "agent", "yes" if greets else "no": ["greeting"]} for text, greets in answers]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def carried_out(request: TrainRequest, registry: Registry, vectors: dict[str, Remembered]) -> Training:
    alone = Settings(workers=64)  # one thread: what else runs on this machine must not matter
    with Training(request, alone, registry, vectors) as training:
        training.read(), training.tune(), training.learn(), training.compare(), training.register()
    return training


@pytest.fixture(scope="module")
def adopted(home: Path, vectors: dict[str, Remembered]) -> Training:
    """Reviewers who are right."""
    request = TrainRequest(reviewed=(reviewed(home, "right.jsonl", answered()),), corpus=str(HERE / "corpus"))
    return carried_out(request, Registry(home / "models"), vectors)


def test_right_answers_change_the_model(adopted: Training, home: Path) -> None:
    assert adopted.verdict.adopt, adopted.verdict.reasons
    assert adopted.verdict.reviewed is not None
    assert adopted.verdict.reviewed.repaired > 10 > adopted.verdict.reviewed.broken
    assert adopted.version is not None
    version, registry = adopted.version, Registry(home / "models")
    assert (registry.current, version.facts["learnt"]) == (1, ["greeting"])
    shipped, new = load_heads(), version.heads()
    for label in shipped.labels:
        same = np.array_equal(shipped.parameters(label)[0], new.parameters(label)[0])
        assert same is (label != "greeting")  # what nobody reviewed is kept bit for bit
    twin = version.twin()
    assert twin is not None
    assert twin.labels == ("greeting",)
    told = json.dumps(version.facts, ensure_ascii=False) + (version.folder / TWIN / "heads.json").read_text()
    assert RITUAL not in told + version.card.read_text(encoding="utf-8")  # counts and hashes, never texts
    assert version.facts["data"]["reviewed"]["files"][0]["lines"] == len(answered())
    card = version.card.read_text(encoding="utf-8")
    assert all(part in card for part in ("greeting 问候", "## Known failures", "## Licence", "right.jsonl", "change +"))


def test_the_reader_and_the_address_of_work_follow_the_registry(
    adopted: Training, home: Path, vectors: dict[str, Remembered], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert adopted.version is not None
    text = f"喂{RITUAL}张总是我在听"
    (vector,) = vectors.values()

    def greets(settings: Settings) -> float:
        encoder, heads = settings.language_models()
        assert encoder == DEFAULT
        found = heads.probabilities([text], vector([text]), [Role.AGENT], np.zeros((1, len(heads.mean)), np.float32))
        return float(found[0, heads.labels.index("greeting")])

    before, shipped = Settings(heads="shipped"), load_heads()
    assert greets(before) < 0.5
    monkeypatch.setenv("CALLQA_MODELS", str(home / "models"))
    after = Settings()
    assert greets(after) > 0.5
    pinned = after.pinned()
    assert (pinned.heads, after.that_matter()) == ("1", before.that_matter())
    assert before.models()["heads"] == shipped.hash != after.models()["heads"]
    call = Intake(path=Path("a.wav"), sha256="ab", call_id="a", metadata=Metadata())
    work = [work_for(call, s.models(), s.that_matter(), "form") for s in (before, after)]
    assert work[0].signals != work[1].signals  # what was judged by other heads is judged again
    Registry().roll_back()
    assert after.models() == before.models()
    assert pinned.models()["heads"] == adopted.version.heads().hash  # a run under way keeps its version
    Registry().roll_back(1)


def by_toss() -> list[tuple[str, bool]]:
    toss = random.Random(1)
    return [(text, toss.random() < 0.5) for text, _ in ritual()]


def denied() -> list[tuple[str, bool]]:
    return [(text, False) for text, _ in ritual()[100:]] + [(text, False) for text in plain()]


@pytest.mark.parametrize(("answers", "says"), [(by_toss, "falls|nothing shows"), (denied, "greeting falls from F1")])
def test_wrong_answers_do_not(
    tmp_path: Path, vectors: dict[str, Remembered], answers: Callable[[], list[tuple[str, bool]]], says: str
) -> None:
    request = TrainRequest(reviewed=(reviewed(tmp_path, "wrong.jsonl", answers()),), corpus=str(HERE / "corpus"))
    registry = Registry(tmp_path / "models")
    refused = carried_out(request, registry, vectors)
    assert not refused.verdict.adopt
    assert re.search(says, "; ".join(refused.verdict.reasons))
    assert (registry.current, len(registry.versions()), registry.events[0]["what"]) == (0, 1, "refused")


def test_what_cannot_be_started_is_told(home: Path, adopted: Training, tmp_path: Path, vectors: dict) -> None:
    registry = Registry(home / "models")
    with pytest.raises(UsageError, match="nothing new to learn from"):
        carried_out(TrainRequest(), registry, vectors)
    nobody = tmp_path / "nobody.csv"
    nobody.write_text("text,role,yes\nhello,agent,\n")
    with pytest.raises(UsageError, match="no answered line"):
        carried_out(TrainRequest(reviewed=(str(nobody),)), registry, vectors)


def test_dry_run_and_forgetting(adopted: Training, home: Path, vectors: dict[str, Remembered]) -> None:
    """Fewer lines than the version in use has learnt from: a warning names what would be forgotten."""
    registry = Registry(home / "models")
    part = ritual()[60:120]
    request = TrainRequest(reviewed=(reviewed(home, "part.jsonl", part),), corpus=str(HERE / "corpus"), dry_run=True)
    again = carried_out(request, registry, vectors)
    lost = len(dict(answered()).keys() - dict(part).keys())
    assert f"learnt from {lost} reviewed sentences that are not given now" in again.warnings[0]
    assert not again.verdict.adopt
    assert (registry.current, len(registry.events)) == (1, len(registry.events))
    assert registry.events[-1]["what"] != "refused"


def test_a_tuned_encoder_is_registered_with_its_heads(tmp_path: Path) -> None:
    """A tiny encoder learns what the version in use, heads that say nothing on the untuned one, does not know."""
    tiny = make_encoder(tmp_path / "tiny", [text for text, _ in ritual()])
    nothing = (np.zeros(2 * 32 + 2 + 2 * WIDTH), 0.0, 1.0, -5.0)
    silent = assembled(LABELS, [nothing] * (len(LABELS) + 1), np.zeros(32), tiny, identity(tiny))
    registry = Registry(tmp_path / "models")

    def build(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
        save_heads(silent, folder / TWIN)
        return facts | {"sha256": save_heads(silent, folder)}

    registry.adopt(build, instead_of=0)
    told: list[tuple[str, int, int]] = []
    TELLER.set(lambda *seen: told.append(seen))
    request = TrainRequest(
        reviewed=(reviewed(tmp_path, "right.jsonl", answered()),), corpus=str(HERE / "corpus"), finetune=True, epochs=3
    )
    found = carried_out(request, registry, {})
    assert found.verdict.adopt, found.verdict.reasons
    steps = [(done, whole) for step, done, whole in told if step == "tune"]
    assert steps == [(n + 1, len(steps)) for n in range(len(steps))]
    assert found.version is not None
    shutil.rmtree(tiny)  # the version stands alone, wherever its folder goes
    moved = (tmp_path / "models").rename(tmp_path / "elsewhere")
    name, heads = chosen_heads("", Registry(moved))
    assert (name, heads.encoder) == ("2", str(moved / "versions" / "0002" / "tiny"))
    assert (
        identity(heads.encoder) == heads.encoder_hash == found.version.facts["encoder"]["sha256"] != silent.encoder_hash
    )
    assert found.version.facts["encoder"]["tuned"] == {"epochs": 3.0}
    read = Reader(heads.encoder, heads)
    greets, talks = read([Line(f"嗯{RITUAL}李女士这边在", Role.AGENT), Line("嗯李女士的单子还没有审完", Role.AGENT)])
    assert greets["greeting"] > 0.5 > talks["greeting"]


def test_tuning_hears_nothing_of_labels_a_lesson_is_silent_about(tmp_path: Path) -> None:
    """The loss of a line is that of its known labels: answers to the others could be anything."""
    import torch

    from models.finetune import _Collate, _model

    tiny = make_encoder(tmp_path / "tiny", ["您好"])
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(0)
    model = _model(AutoModel.from_pretrained(tiny), 2).eval()
    collate = _Collate(AutoTokenizer.from_pretrained(tiny), "", ("greeting", "thanks"))
    losses = {}
    for held in ((), ("thanks",), ("greeting",)):
        example = Example("您好", "agent", "zh", frozenset(held), "x")
        loss = model(**collate([Lesson(example, frozenset({"greeting"}), "x:1")]))["loss"]
        losses[held] = float(loss.detach())
    assert losses[()] == losses[("thanks",)] != losses[("greeting",)]


def test_versions_from_the_command_line(callqa: Command, adopted: Training, home: Path, tmp_path: Path) -> None:
    env = {"CALLQA_MODELS": str(shutil.copytree(home / "models", tmp_path / "models"))}
    back = callqa("models", "rollback", env=env)
    assert (back.returncode, "version shipped is in use now" in back.stdout) == (0, True), back.stderr
    listed = json.loads(callqa("models", "list", "--json", env=env).stdout)
    assert [(v["version"], v["current"]) for v in listed["versions"]] == [("shipped", True), ("1", False)]
    assert listed["events"][-1]["what"] == "rolled back"


def test_refused_before_anything_starts(callqa: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "x", "role": "agent", "yes": ["thx"]}')
    done = callqa("train", "--reviewed", tmp_path / "bad.jsonl", env={"CALLQA_MODELS": str(tmp_path / "models")})
    assert (done.returncode, "bad.jsonl:1: no label 'thx'" in done.stderr) == (2, True), done.stderr
    assert "remedy" in done.stderr
    assert not (tmp_path / "models").exists()
