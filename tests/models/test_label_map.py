"""Label maps: which classes of a set mean which of our labels, and errors that say where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from models.evaluation.decisions import measured, truth
from models.evaluation.label_map import load_maps, map_for
from models.evaluation.labelled import LabelledSet, read_labelled
from scoring.call import Role
from scoring.errors import UsageError
from scoring.labels import LABELS

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "text"
MINE = """
mine:shop:
  none: rest
  judged:
    bye: {theirs: [bye, farewell], ours: closing}
    care: {theirs: care, ours: [empathy_formulaic, empathy_specific]}
    thanks: thanks
  folded: {welcome: answers thanks}
  left_out: {noise: cannot be read}
  choose: first
mine:web: {like: "mine:shop"}
"""


def labelled(tmp_path: Path, rows: list[dict], name: str = "mine.jsonl") -> list[LabelledSet]:
    path = tmp_path / name
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return read_labelled([path])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.jsonl.gz"])
def test_sets_are_named_after_file_and_set(tmp_path: Path, name: str) -> None:
    rows = [
        {"text": "那我先挂了啊", "label": "bye", "role": "customer", "set": "shop", "source": "till:3"},
        {"text": "哪位", "labels": [], "set": "shop"},
        {"text": "谢谢您，再见", "labels": ["thanks", "bye"], "context": "好的", "set": "web"},
        {"text": "没有标签", "set": "web"},
        {"text": "2 分", "label": 2},
    ]
    shop, web, bare = labelled(tmp_path, rows, name)
    assert [s.name for s in (shop, web, bare)] == ["mine:shop", "mine:web", "mine"]
    assert (shop.lines[0].role, shop.lines[0].labels) == (Role.CUSTOMER, frozenset({"bye"}))
    assert shop.sources == ("till", "not stated")
    assert (web.lines[0].label, web.lines[0].labels, web.unlabelled) == (None, {"thanks", "bye"}, 1)
    assert bare.lines[0].label == "2"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not a JSON object"),
        ('{"label": "bye"}', "not a JSON object"),
        ('{"text": "\\ud800", "label": "bye"}', "not a JSON object"),
        ('{"text": "hm", "label": "bye", "role": "boss"}', "'boss'"),
        ('{"text": "hm", "labels": {"bye": 0.9}}', "names or numbers"),
        ("[" * 100_000, "not a JSON object"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "fine", "label": "bye"}\n' + line)
    with pytest.raises(UsageError, match=r"bad\.jsonl:2") as raised:
        read_labelled([path])
    assert says in str(raised.value)


def test_a_damaged_gzip_is_an_error_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "fine", "label": "bye"}\n' * 500)[:60])
    with pytest.raises(UsageError, match="damaged"):
        read_labelled([path])


def test_a_sample_is_the_same_each_time_and_not_the_beginning(tmp_path: Path) -> None:
    (whole,) = labelled(tmp_path, [{"text": str(i), "label": "bye"} for i in range(500)])
    some = whole.sample(50)
    assert some == whole.sample(50)
    numbers = [int(line.text) for line in some.lines]
    assert numbers == sorted(numbers)
    assert 0 < sum(n >= 250 for n in numbers) < 50
    assert (len(some.lines), some.whole) == (50, 500)


def test_classes_become_ours(tmp_path: Path, mine: Path) -> None:
    rows = [
        {"text": "一", "label": "farewell"},
        {"text": "二", "label": "thanks", "labels": ["thanks", "bye"]},
        {"text": "三", "label": "welcome"},
        {"text": "四", "label": "noise"},
        {"text": "五", "labels": []},
    ]
    (found,) = labelled(tmp_path, [row | {"set": "shop"} for row in rows])
    entry = map_for(found, load_maps(mine))
    assert entry is not None
    lines = measured(found.lines, entry)
    assert [line.text for line in lines] == ["一", "二", "三", "五"], "left out: noise"
    true = truth(lines, entry)
    assert true.one is not None
    assert true.one.tolist() == [0, 2, 3, 3], "folded and unlabelled lines are of the class of nothing"
    assert true.many.tolist() == [[True, False, False], [True, False, True], [False] * 3, [False] * 3]
    assert load_maps(mine)["mine:web"] == entry


def test_labels_the_heads_lack_fall_away(mine: Path) -> None:
    entry = load_maps(mine)["mine:shop"]
    less = entry.only(["closing", "empathy_specific"])
    assert less is not None
    assert list(less.judged) == ["bye", "care"]
    assert less.judged["care"].ours == ("empathy_specific",)
    assert set(less.folded) == {"welcome", "thanks"}
    assert entry.only(["greeting"]) is None
    hotel = load_maps()["sentiment.zh:hotel"].only(["sentiment_positive"])
    assert hotel is not None
    assert set(hotel.left_out) == {"negative"}, "nothing to fold into"


def test_sets_with_our_labels_need_no_map(tmp_path: Path) -> None:
    rows = [{"text": "hi", "labels": ["greeting"]}, {"text": "it rains", "label": "other"}]
    (found,) = labelled(tmp_path, rows)
    entry = map_for(found, {})
    assert entry is not None
    assert (list(entry.judged), entry.none) == (["greeting"], "other")
    (foreign,) = labelled(tmp_path, [*rows, {"text": "no", "label": "reject"}])
    assert map_for(foreign, {}) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mine: {judged: {}}", "mine, judged"),
        ("mine: {none: rest, judged: {bye: closing}, choosing: first}", "mine, choosing"),
        ("mine: {none: bye, judged: {bye: closing}}", "'bye' is named twice"),
        ("mine: {judged: {bye: closing}, folded: {rest: why}}", "needs `none`"),
        ("mine: {like: yours}", "no entry of its own"),
        ("mine: {judged: [", "not readable as YAML"),
        ("- mine", "an entry a set"),
    ],
)
def test_a_wrong_map_names_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_maps(path)
    assert says in str(raised.value)


LATER = {"reflection", "personal_data_request", "resolved", "unresolved"}  # heads may not have them yet


def test_shipped_maps_speak_of_labels_there_are() -> None:
    for name, entry in load_maps().items():
        ours = {o for j in entry.judged.values() for o in j.ours} | {o for i in entry.implied.values() for o in i}
        assert ours <= {*LABELS, *LATER}, name
        assert all(entry.folded.values()), f"{name}: a reason for each class that is folded"


def test_shipped_maps_know_every_class_of_the_sets_they_are_for() -> None:
    if not DATA.is_dir():
        pytest.skip("../shared/data/text is absent")
    maps = load_maps()
    files = [DATA / f"{f}.jsonl.gz" for f in ("act.zh", "act.en", "empathy.zh", "empathy.en", "listening.en")]
    for found in read_labelled(files):
        entry = map_for(found, maps)
        assert entry is not None, found.name
        one = {line.label for line in found.lines if line.label is not None}
        assert one <= entry.known, found.name
