"""Words that only look like what an item of the shipped forms seeks, labelled as a hearing that is taken in would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made import call

from scoring.call import Call
from scoring.engine import evaluate
from scoring.evaluation import Status
from scoring.rubric import Minimum
from scoring.rubric_file import load_rubric

MET, MISSED, PARTLY, OPEN = Status.MET, Status.MISSED, Status.PARTLY_MET, Status.CANNOT_JUDGE

CASES = [
    ("service", "overpromise", "overpromise", "涨不涨这个我可不敢打包票。", MET),
    ("service", "overpromise", "overpromise", "肯定涨，我给您打包票。", MISSED),
    ("compliance", "overpromise", "overpromise", "I can't promise you that it will never fail.", MET),
    ("compliance", "overpromise", "overpromise", "I promise you that it will never fail.", MISSED),
    ("service", "apology", "apology", "不好意思，麻烦您念一下单号。", MISSED),
    ("service", "apology", "apology", "不好意思，是我们弄错了。", MET),
    ("service", "apology", "apology", "There is nothing for us to be sorry about.", MISSED),
    ("service", "apology", None, "I'm really sorry, and I will tell his manager.", MET),
    ("service", "empathy", "empathy_formulaic", "您的意思我理解。", MISSED),
    ("service", "empathy", "empathy_formulaic", "您的心情我理解。", PARTLY),
    ("service", "restate", "restating", "我这么讲您听明白了吗？", MISSED),
    ("service", "restate", "restating", "您是说从周一起停水，对吗？", MET),
    ("service", "recording_notice", "recording_notice", "这款表能录音，存七天。", MISSED),
    ("service", "recording_notice", "recording_notice", "本次通话可能会被录音。", MET),
    ("service", "follow_up_commitment", "follow_up_promise", "您明天再打过来问问。", MISSED),
    ("service", "follow_up_commitment", "follow_up_promise", "明天上午我给您回电话。", MET),
    ("service", "prohibited_language", "rude", "他冲着您喊滚，我记下了。", MET),
    ("complaint", "collect", "open_question", "那您那会儿怎么不讲呢？", MISSED),
    ("complaint", "collect", "open_question", "您讲讲是怎么回事？", MET),
    ("compliance", "shirking", "blame", "是送货那边耽误的，我来联系他们。", MET),
    ("compliance", "shirking", "blame", "是送货那边耽误的，我们不负责联系。", MISSED),
    ("compliance", "shirking", None, "We only list it, they made it.", MISSED),
]


def answered(form: str, item: str, label: str | None, said: str, customer: str, feels: dict[str, float]) -> Status:
    language = "en" if said.isascii() else "zh"
    heard = call(
        ("customer", 1, 5, customer, feels),
        ("agent", 6, 10, said, {label: 0.95} if label else {}),
        ("customer", 11, 13, "Right." if language == "en" else "行吧。", {}),
        ("agent", 14, 16, "Goodbye." if language == "en" else "再见。", {"closing": 0.99}),
        language=language,
        scenario="complaint",
    )
    return status(heard, form, item)


def status(heard: Call, form: str, item: str) -> Status:
    """The answer, where meanings were compared and none was alike."""
    rubric = load_rubric(form).model_copy(update={"minimum": Minimum()})
    found = evaluate(replace(heard, likeness={"": {"": 0.0}}), rubric)
    return next(a.status for a in found.answers if a.item == item)


@pytest.mark.parametrize(("form", "item", "label", "said", "expected"), CASES)
def test_near_miss_and_its_like(form: str, item: str, label: str | None, said: str, expected: Status) -> None:
    upset = "我很生气。" if not said.isascii() else "I am very angry now."
    assert answered(form, item, label, said, upset, {"sentiment_negative": 0.9}) is expected


@pytest.mark.parametrize(
    ("customer", "rude", "expected"),
    [
        ("你怎么这么说话？", 0.5, MISSED),
        ("你怎么这么说话？", 0.15, OPEN),
        ("你怎么这么说话？", 0.0, MET),
        ("那好吧。", 0.5, MET),  # below what is open by itself
    ],
)
def test_a_protest_decides_what_a_doubtful_remark_was(customer: str, rude: float, expected: Status) -> None:
    heard = call(
        ("agent", 1, 5, "这点小事也打电话来。", {"rude": rude}),
        ("customer", 6, 8, customer, {}),
        ("agent", 9, 12, "给您登记了。", {"solution": 0.9}),
    )
    assert status(heard, "service", "prohibited_language") is expected
