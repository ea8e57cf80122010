"""The registry of versions: what is adopted, what comes back, and what an interrupted write leaves."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.heads import SHIPPED, Heads, load_heads, save_heads
from models.registry import TWIN, Registry, Version, chosen_heads
from scoring.errors import OutputError, UsageError, WeightsError

# Adopts versions in child processes that die of kill -9 at each write, rename and replace in turn; prints after each
# death which version is in use, whether its heads are whole, and how many half-built folders lie about.
DIES = """
import os, signal, sys
from pathlib import Path
from models.heads import load_heads, save_heads
from models.registry import Registry, chosen_heads

registry = Registry(Path(sys.argv[1]))
die, count = 0, 0
def counted(call):
    def called(*given, **more):
        global count
        count += 1
        if count == die:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **more)
    return called

os.fsync, Path.rename, Path.replace = counted(os.fsync), counted(Path.rename), counted(Path.replace)
heads = load_heads()
def build(folder, facts):
    return facts | {"sha256": save_heads(heads, folder)}
while True:
    die += 1
    child = os.fork()
    if not child:
        registry.adopt(build, instead_of=1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    name, found = chosen_heads("", registry)
    left = len(list(registry.folder.glob(".building-*")))
    print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, name, found.hash, left, flush=True)
    if name != "1" or not os.WIFSIGNALED(status):
        break
"""


@pytest.fixture(scope="module")
def shipped() -> Heads:
    return load_heads()


def adopt(registry: Registry, heads: Heads, shift: float = 0.0) -> Version:
    """Register the heads with their biases moved, so that versions differ."""

    def build(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
        other = replace(heads, bias=heads.bias + heads.bias.dtype.type(shift))
        save_heads(other, folder / TWIN)
        (folder / "card.md").write_text("a card", encoding="utf-8")
        return facts | {"sha256": save_heads(other, folder)}

    return registry.adopt(build, instead_of=registry.current)


def test_versions_come_and_go_back(tmp_path: Path, shipped: Heads) -> None:
    registry = Registry(tmp_path / "models")
    assert (registry.current, registry.version(0).folder, registry.events) == (0, SHIPPED, [])
    assert not registry.folder.exists()  # asking makes nothing
    first, second = adopt(registry, shipped, 0.1), adopt(registry, shipped, 0.2)
    assert (first.number, second.number, second.facts["parent"], registry.current) == (1, 2, 1, 2)
    assert second.heads().hash == second.facts["sha256"] != first.heads().hash
    assert registry.roll_back().number == 1
    assert registry.roll_back().number == 0
    with pytest.raises(UsageError, match="nothing before"):
        registry.roll_back()
    assert registry.roll_back(2).number == 2
    with pytest.raises(UsageError, match="in use already"):
        registry.roll_back(2)
    with pytest.raises(UsageError) as raised:
        registry.roll_back(7)
    assert "shipped, 1, 2" in raised.value.remedy
    registry.refuse({"why": "worse"})
    assert adopt(registry, shipped, 0.3).number == 3
    found = [(e["what"], e.get("version"), e.get("before")) for e in registry.events]
    back = "rolled back"
    expected = [(back, 1, 2), (back, 0, 1), (back, 2, 0), ("refused", None, None), ("adopted", 3, 2)]
    assert found == [("adopted", 1, 0), ("adopted", 2, 1), *expected]
    assert [v.name for v in registry.versions()] == ["shipped", "1", "2", "3"]


def test_heads_are_chosen_by_version_folder_or_not_at_all(tmp_path: Path, shipped: Heads) -> None:
    registry = Registry(tmp_path / "models")
    assert chosen_heads("", registry)[0] == "shipped"
    version = adopt(registry, shipped, 0.1)
    assert chosen_heads("", registry)[0] == "1"
    assert chosen_heads("1", registry)[1].hash == version.heads().hash
    assert chosen_heads("shipped", registry)[1].hash == shipped.hash
    assert chosen_heads(str(version.folder), registry)[1].hash == version.heads().hash
    with pytest.raises(WeightsError):
        chosen_heads("somewhere", registry)


def test_an_encoder_inside_is_found_wherever_the_folder_lies(tmp_path: Path, shipped: Heads) -> None:
    save_heads(replace(shipped, encoder="./tiny-e5"), tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    assert load_heads(tmp_path / "there").encoder == str(tmp_path / "there" / "tiny-e5")


def test_damaged_heads_are_refused_with_the_way_back(tmp_path: Path, shipped: Heads) -> None:
    registry = Registry(tmp_path / "models")
    first, second = adopt(registry, shipped, 0.1), adopt(registry, shipped, 0.2)
    with (second.folder / "heads.safetensors").open("r+b") as file:
        file.seek(5000)
        file.write(b"\x01\x02")
    with pytest.raises(WeightsError) as raised:
        chosen_heads("", registry)
    assert "rollback" in raised.value.remedy
    assert registry.roll_back().number == 1
    (first.folder / "heads.json").write_text("{}")
    registry.roll_back(0)
    with pytest.raises(WeightsError):  # a damaged version is not taken into use
        registry.roll_back(1)
    assert registry.current == 0


def test_heads_of_other_features_are_refused(tmp_path: Path, shipped: Heads) -> None:
    save_heads(replace(shipped, weights=shipped.weights[:, :-1]), tmp_path)
    with pytest.raises(WeightsError, match="shape"):
        load_heads(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", '{"current": "1", "events": []}', '{"current": 1}'])
def test_a_damaged_book_is_named_and_not_overwritten(tmp_path: Path, content: str, shipped: Heads) -> None:
    book = tmp_path / "registry.json"
    book.write_text(content)
    with pytest.raises(WeightsError, match=r"registry\.json"):
        chosen_heads("", Registry(tmp_path))
    with pytest.raises(WeightsError):
        Registry(tmp_path).refuse({})
    assert book.read_text() == content


def test_nobody_is_adopted_over_another(tmp_path: Path, shipped: Heads) -> None:
    registry = Registry(tmp_path)
    adopt(registry, shipped)
    with pytest.raises(UsageError, match="came into use"):
        registry.adopt(lambda folder, facts: facts, instead_of=0)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write the registry"):
        Registry(tmp_path / "file" / "models").refuse({})
    assert Registry(tmp_path / "file" / "models").current == 0


def test_killed_anywhere_the_version_in_use_stays(tmp_path: Path, shipped: Heads) -> None:
    registry = Registry(tmp_path / "models")
    before = adopt(registry, shipped, 0.1).heads().hash
    command = [sys.executable, "-c", DIES, str(registry.folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0, done.stderr
    *killed, last = [line.split() for line in done.stdout.splitlines()]
    assert len(killed) >= 8  # version.json, each file, folders, the rename, the book and its replacement
    assert {(status, version, hash_) for status, version, hash_, _ in killed} == {
        (str(int(signal.SIGKILL)), "1", before)
    }
    assert any(left != "0" for *_, left in killed)
    assert last[1] != "1"  # only after the book is replaced, which is the last thing done
    assert adopt(registry, shipped).number == registry.current > 1
    assert not list(registry.folder.glob(".building-*"))
