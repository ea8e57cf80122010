"""The business vocabulary: names a contact centre says all day and Whisper has never read.

A YAML file of lists. An entry is a name, or a name with `aliases`: wrong spellings recognition is known to write for
it, which are always corrected. A short form that may stay as it is said is an entry of its own.

    companies: [云港宽带]
    products:
      - 稳盈二号
      - {name: iPhone, aliases: [爱疯]}
    agents: [周敏]
    numbers: [K8021]     # 工号, in their spelling
    terms: [光猫]
    confuse_f_h: true    # also take f and h for one another, as some southern speakers do
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from scoring.errors import VocabularyError

SECTIONS = ("companies", "products", "terms", "agents", "numbers")  # the most telling first, when hints must be few
FLAG = "confuse_f_h"
LARGEST = 200_000  # bytes
MOST = 2_000  # names and aliases
DEEPEST = 4  # an alias in a list in an entry in a list in the file
LONGEST = 40  # characters of a name
HINT_TOKENS = 100  # of the 223 Whisper reads before a clip; its prompt and the clip's own words need the rest
_CJK = re.compile(r"[一-鿿]")
_ALLOWED = re.compile(r"[\w·.&+’'()/ -]+")


@dataclass(frozen=True)
class Entry:
    """A name as it is written, and the wrong spellings of it."""

    name: str
    section: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """All entries, in the order of sections and of the file."""

    entries: tuple[Entry, ...] = ()
    confuse_f_h: bool = False

    def __hash__(self) -> int:
        return hash(self.hash)  # of thousands of names, computed once: every sentence looks its vocabulary up

    @cached_property
    def hash(self) -> str:
        """sha256 of what the vocabulary means; layout of its file does not matter."""
        return hashlib.sha256(repr((self.confuse_f_h, self.entries)).encode()).hexdigest()

    def hotwords(self, language: str, budget: int = HINT_TOKENS, count: Callable[[str], int] | None = None) -> str:
        """Names for Whisper to expect, within `budget` tokens; empty when there are none.

        count: tokens of a text, the tokenizer's; else an estimate on the safe side. English calls get names in Latin
        script only. Numbers are left out: digits in a prompt invite digits nobody said.
        """
        tokens = count or estimated_tokens
        mark, chosen = "、" if language == "zh" else ", ", ""
        for entry in self.entries:
            if entry.section == "numbers" or (language != "zh" and _CJK.search(entry.name)):
                continue
            longer = f"{chosen}{mark}{entry.name}" if chosen else entry.name
            if tokens(longer) <= budget:
                chosen = longer
        return chosen


def estimated_tokens(text: str) -> int:
    """An upper guess of Whisper's tokens: two a Chinese character (one for common ones, up to three for rare), one for
    two Latin letters."""
    chinese = len(_CJK.findall(text))
    return 2 * chinese + (len(text) - chinese + 1) // 2


def load_vocabulary(path: Path | str) -> Vocabulary:
    """The vocabulary of a YAML file. Raises VocabularyError."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise VocabularyError(f"{path}: larger than {LARGEST // 1000} kB", remedy="is this the vocabulary file?")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise VocabularyError(f"{path}: {reason}", remedy="give a readable UTF-8 YAML file") from None
    return parse_vocabulary(text, str(path))


def parse_vocabulary(text: str, origin: str) -> Vocabulary:
    """The vocabulary of YAML text; `origin` names it in errors. Raises VocabularyError."""
    try:
        _refuse_tricks(text, origin)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        line = f":{mark.line + 1}" if mark else ""
        raise VocabularyError(
            f"{origin}{line}: {problem}", remedy="check indentation, quotes and colons on that line"
        ) from None
    return _Reading(origin).vocabulary(root)


def _refuse_tricks(text: str, origin: str) -> None:
    """YAML aliases can blow a file up, and deep nesting makes the parser quadratic; lists of names need neither."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise VocabularyError(f"{origin}:{line}: YAML aliases (*name) are not allowed", remedy="write the name out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise VocabularyError(f"{origin}:{line}: lists within lists", remedy="write one list of names a key")


class _Reading:
    """Reads the nodes of one file; nodes still know their lines."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.seen: dict[str, int] = {}

    def vocabulary(self, root: Any) -> Vocabulary:
        if root is None:
            return Vocabulary()
        found: dict[str, list[Entry]] = {}
        flag = False
        for key, value in self.pairs(root, "lists of names", (*SECTIONS, FLAG)):
            if key == FLAG:
                flag = self.yes_or_no(value)
            else:
                found[key] = [self.entry(key, node) for node in self.items(value)]
        return Vocabulary(tuple(e for section in SECTIONS for e in found.get(section, ())), flag)

    def entry(self, section: str, node: Any) -> Entry:
        if isinstance(node, yaml.ScalarNode):
            return Entry(self.name(node), section)
        name: str | None = None
        aliases: tuple[str, ...] = ()
        for key, value in self.pairs(node, "a name", ("name", "aliases")):
            if key == "name":
                name = self.name(value)
            else:
                aliases = tuple(self.name(a) for a in self.items(value))
        if name is None:
            raise self.wrong(node, "an entry without `name`", "write `{name: ..., aliases: [...]}`")
        return Entry(name, section, aliases)

    def name(self, node: Any) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, "a name is text", "write the name, in quotes if it holds a colon or a comma")
        name = unicodedata.normalize("NFKC", node.value).strip()
        shown = repr(name[:LONGEST])
        if not 2 <= len(name) <= LONGEST:
            raise self.wrong(node, f"{shown} has {len(name)} characters", f"names have 2 to {LONGEST}")
        if not _ALLOWED.fullmatch(name) or not any(c.isalnum() for c in name):
            raise self.wrong(
                node, f"{shown} holds signs no name has", "use letters, characters, digits and · . & + - ' ( ) /"
            )
        folded = name.casefold()
        if folded in self.seen:
            raise self.wrong(node, f"{shown} is also on line {self.seen[folded]}", "keep one of them")
        if len(self.seen) >= MOST:
            raise self.wrong(node, f"more than {MOST} names", "keep the names that are said in calls")
        self.seen[folded] = node.start_mark.line + 1
        return name

    def pairs(self, node: Any, what: str, allowed: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, f"expected {what}", f"use the keys {', '.join(allowed)}")
        done = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in allowed:
                raise self.wrong(key, f"unknown key {name[:LONGEST]!r}", f"use {', '.join(allowed)}")
            if name in done:
                raise self.wrong(key, f"key {name!r} is given twice", "keep one of them")
            done.add(name)
            yield name, value

    def items(self, node: Any) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, "expected a list", "begin each name with `- `, or write [one, two]")
        return list(node.value)

    def yes_or_no(self, node: Any) -> bool:
        value = node.value if isinstance(node, yaml.ScalarNode) else None
        if value not in ("true", "false"):
            raise self.wrong(node, f"{FLAG} is neither true nor false", "write true or false")
        return bool(value == "true")

    def wrong(self, node: Any, what: str, remedy: str) -> VocabularyError:
        return VocabularyError(f"{self.origin}:{node.start_mark.line + 1}: {what}", remedy=remedy)
