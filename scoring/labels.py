"""What the language models' labels are called by people (definitions: models/corpus/GUIDE.md)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NAMES = {
    "greeting": ("问候", "greeting"),
    "self_introduction": ("自报家门", "self-introduction"),
    "offer_of_help": ("主动询问需求", "offer of help"),
    "anything_else": ("询问其他需求", "asking for anything else"),
    "satisfaction_invite": ("邀请评价", "invitation to rate"),
    "closing": ("结束语", "closing"),
    "thanks": ("感谢", "thanks"),
    "apology": ("致歉", "apology"),
    "empathy_formulaic": ("套话安抚", "stock empathy"),
    "empathy_specific": ("具体共情", "specific empathy"),
    "verification": ("身份核实", "identity check"),
    "recording_notice": ("录音告知", "recording notice"),
    "hold_request": ("请客户等待", "request to wait"),
    "transfer": ("转接", "transfer"),
    "restating": ("复述确认", "restating"),
    "solution": ("给出方案", "concrete answer"),
    "follow_up_promise": ("跟进承诺", "follow-up promise"),
    "overpromise": ("过度承诺", "overpromise"),
    "rude": ("不文明用语", "rude wording"),
    "disclosure": ("泄露个人信息", "disclosure of personal data"),
    "escalation_request": ("要求升级或投诉威胁", "demand for escalation"),
    "sentiment_negative": ("负面情绪", "negative feeling"),
    "sentiment_positive": ("正面情绪", "positive feeling"),
    "reflection": ("倾听反映", "reflective listening"),
    "open_question": ("开放式提问", "open question"),
    "probing": ("追问需求", "question about the matter"),
    "jargon": ("行话术语", "jargon"),
    "blame": ("推诿", "shifting the blame"),
    "personal_data_request": ("索要个人信息", "request for personal data"),
    "resolved": ("问题已解决", "matter settled"),
    "unresolved": ("问题未解决", "matter not settled"),
    "emotion_strong": ("情绪强烈", "strong feeling"),
    "churn_threat": ("流失风险", "threat to leave"),
    "regulator_threat": ("外部投诉威胁", "threat of an outside complaint"),
    "reason_consult": ("来电咨询", "call reason: enquiry"),
    "reason_complaint": ("来电投诉", "call reason: complaint"),
    "reason_repair": ("来电报修", "call reason: fault"),
    "reason_after_sales": ("来电售后", "call reason: after sales"),
}
LABELS = tuple(NAMES)


def label_names(labels: Iterable[str], language: str) -> str:
    """Labels in words; one without a name stays as it is."""
    known = [NAMES.get(label, (label, label))[0 if language == "zh" else 1] for label in labels]
    return ("或" if language == "zh" else " or ").join(known)


def known_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, all of them known. Raises ValueError with the nearest one, or all there are."""
    for label in labels:
        if label not in LABELS:
            near = get_close_matches(label, LABELS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(LABELS)}"
            raise ValueError(f"no label {label!r}; {hint}")
    return labels
