"""What phrase evidence says: all that was said, and how it was heard, in the language of the call."""

from __future__ import annotations

import pytest
from made import call

from scoring.detectors.phrase import Phrase


def test_a_quote_is_all_that_was_said() -> None:
    """A cut quote is found in no transcript."""
    long = call(("agent", 1, 60, "您好" + "很高兴为您服务" * 60), ("customer", 61, 62, "喂"))
    finding = Phrase(any=("很高兴",)).find(long)
    assert finding.evidence[0].quote == long.turns[0].text


@pytest.mark.parametrize(
    ("said", "phrase", "language", "why"),
    [
        ("请稍等我核实一下", "核实一下", "zh", "坐席说了“核实一下”（字面一致）"),
        ("请稍等我核实一下", "合实医下", "zh", "坐席说了“合实医下”（读音一致）"),
        ("thank you very much", "thank you", "en", '"thank you" (exact)'),
    ],
)
def test_how_a_phrase_was_heard(said: str, phrase: str, language: str, why: str) -> None:
    heard = call(("agent", 1, 9, said), ("customer", 10, 11, "喂"), language=language)
    assert why in Phrase(any=(phrase,)).find(heard).why
