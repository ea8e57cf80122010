"""The labels the language models give, as defined in `models/corpus/GUIDE.md`."""

from __future__ import annotations

ACTS = (
    "greeting",
    "self_introduction",
    "offer_of_help",
    "anything_else",
    "satisfaction_invite",
    "closing",
    "thanks",
    "apology",
    "empathy_formulaic",
    "empathy_specific",
    "verification",
    "recording_notice",
    "hold_request",
    "transfer",
    "restating",
    "solution",
    "follow_up_promise",
    "overpromise",
    "rude",
    "disclosure",
    "escalation_request",
)
SENTIMENT = ("sentiment_negative", "sentiment_positive")
LABELS = ACTS + SENTIMENT
