"""The business vocabulary file: what it holds, what it hints, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.vocabulary import LARGEST, MOST, Entry, estimated_tokens, load_vocabulary, parse_vocabulary
from scoring.errors import VocabularyError

GOOD = """
agents: [周敏]
products:
  - 稳盈二号
  - {name: iPhone, aliases: [爱疯, i phone]}
companies: [云港宽带]
numbers: [K8021]
confuse_f_h: true
"""


def test_reads_names_in_the_order_of_sections() -> None:
    vocabulary = parse_vocabulary(GOOD, "names.yaml")
    assert [e.name for e in vocabulary.entries] == ["云港宽带", "稳盈二号", "iPhone", "周敏", "K8021"]
    assert vocabulary.entries[2] == Entry("iPhone", "products", ("爱疯", "i phone"))
    assert vocabulary.confuse_f_h


def test_hash_is_of_the_meaning() -> None:
    one, other = parse_vocabulary(GOOD, "a"), parse_vocabulary("# names\n" + GOOD, "b")
    assert one.hash == other.hash
    assert one.hash != parse_vocabulary(GOOD.replace("true", "false"), "a").hash


def test_an_empty_file_is_an_empty_vocabulary() -> None:
    assert parse_vocabulary("# nothing yet\n", "a").entries == ()


def test_hotwords_by_language_and_budget() -> None:
    vocabulary = parse_vocabulary(GOOD, "a")
    assert vocabulary.hotwords("zh") == "云港宽带、稳盈二号、iPhone、周敏"
    assert vocabulary.hotwords("en") == "iPhone"
    assert vocabulary.hotwords("zh", budget=9) == "云港宽带"
    assert vocabulary.hotwords("zh", budget=5, count=len) == "云港宽带"
    assert vocabulary.hotwords("zh", budget=0) == ""
    assert estimated_tokens(vocabulary.hotwords("zh", budget=20)) <= 20


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("product: [a b]", 1, "unknown key 'product'"),
        ("- 云港宽带", 1, "expected lists of names"),
        ("products: 云港宽带", 1, "expected a list"),
        ("products:\n  - 云港宽带\n  - 云港宽带", 3, "also on line 2"),
        ("products:\n  - 云港宽带\nagents: [云港宽带]", 3, "also on line 2"),
        ("products: [iPhone]\nterms: [IPHONE]", 2, "also on line 1"),
        ("products: [a b]\nproducts: [c d]", 2, "given twice"),
        ("products:\n  - 港", 2, "has 1 characters"),
        ("products: []\nterms: [" + "长" * 41 + "]", 2, "has 41 characters"),
        ('products: ["ab\\u0007c"]', 1, "holds signs"),
        ('products: ["<script>"]', 1, "holds signs"),
        ('products: ["--"]', 1, "holds signs"),
        ("products:\n  - {aliases: [ab]}", 2, "without `name`"),
        ("products:\n  - {name: ab, alias: [cd]}", 2, "unknown key 'alias'"),
        ("products:\n  - [ab]", 2, "expected a name"),
        ("products: [{name: [ab]}]", 1, "a name is text"),
        ("confuse_f_h: perhaps", 1, "neither true nor false"),
        ("products: [ab", 1, "names.yaml:1"),
        ("terms: &a [xy]\nproducts: *a", 2, "aliases"),
    ],
)
def test_refusals_name_the_line_and_the_remedy(text: str, line: int, said: str) -> None:
    with pytest.raises(VocabularyError) as caught:
        parse_vocabulary(text, "names.yaml")
    assert said in str(caught.value)
    assert caught.value.remedy
    assert caught.value.message.startswith(f"names.yaml:{line}")


def test_too_many_and_too_deep() -> None:
    with pytest.raises(VocabularyError, match=f"more than {MOST}"):
        parse_vocabulary("terms:\n" + "".join(f"  - name{i}\n" for i in range(MOST + 1)), "names.yaml")
    with pytest.raises(VocabularyError, match="lists within lists"):
        parse_vocabulary("products: " + "[" * 50_000, "names.yaml")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="No such file"):
        load_vocabulary(tmp_path / "none.yaml")
    for name, content in {"gbk.yaml": "公司".encode("gbk"), "big.yaml": b"#" * (LARGEST + 1)}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(VocabularyError, match=name):
            load_vocabulary(tmp_path / name)
