"""The call on which the detectors' handbook shows what each of them finds: written for it, in the open."""

from __future__ import annotations

from types import MappingProxyType

from scoring.call import Call, Metadata, Role, Scenario, Signal, Span, Turn, Voice, Word
from scoring.measures import measure

_A, _C = Role.AGENT, Role.CUSTOMER
_LINES: tuple[tuple[Role, float, float, str, dict[str, float]], ...] = (
    (_A, 0.8, 5.2, "您好，云港宽带，工号8021，请问有什么可以帮您？",
     {"greeting": 0.97, "self_introduction": 0.94, "offer_of_help": 0.95}),
    (_C, 5.8, 9.6, "我家网断了两天了，什么时候能修好？", {"reason_repair": 0.93, "sentiment_negative": 0.62}),
    (_A, 10.1, 14.0, "请您稍等，我帮您核实一下线路。", {"hold_request": 0.95, "verification": 0.41}),
    (_A, 23.2, 26.4, "非常抱歉，让您久等了。", {"apology": 0.96}),
    (_C, 26.9, 30.8, "那到底什么时候能修好？我真的很着急！",
     {"sentiment_negative": 0.91, "emotion_strong": 0.72}),
    (_A, 30.1, 38.0, "我理解您着急，师傅会在24小时内上门，处理完给您发短信。",
     {"empathy_specific": 0.81, "solution": 0.88, "follow_up_promise": 0.9}),
    (_C, 38.6, 41.0, "那行，谢谢你啊。", {"thanks": 0.9, "sentiment_positive": 0.66}),
    (_A, 41.5, 45.8, "不客气，感谢您的来电，再见。", {"closing": 0.97, "thanks": 0.8}),
)  # fmt: skip
# Likeness to the example's sample sentence, as multilingual e5 gave it (models.reader): the handbook needs no model.
_SAMPLE = "我们会派师傅上门维修"
_LIKENESS = {
    "不客气": 0.189,
    "不客气，感谢您的来电，再见。": 0.081,
    "云港宽带": 0.187,
    "再见": 0.11,
    "处理完给您发短信": 0.112,
    "工号8021": 0.236,
    "师傅会在24小时内上门": 0.519,
    "您好": 0.207,
    "您好，云港宽带，工号8021，请问有什么可以帮您？": 0.236,
    "感谢您的来电": 0.205,
    "我帮您核实一下线路": 0.196,
    "我理解您着急": 0.135,
    "我理解您着急，师傅会在24小时内上门，处理完给您发短信。": 0.301,
    "让您久等了": 0.157,
    "请您稍等": 0.112,
    "请您稍等，我帮您核实一下线路。": 0.081,
    "请问有什么可以帮您": 0.287,
    "非常抱歉": 0.124,
    "非常抱歉，让您久等了。": 0.035,
}


def sample_call() -> Call:
    """A repair call of 47 seconds: a wait that was asked for, a question asked twice, a promise within 24 hours."""
    turns = tuple(Turn(role, start, end, text, 0.92, _words(start, end, text)) for role, start, end, text, _ in _LINES)
    signals = tuple(Signal(i, s, e, text, labels) for i, (_, s, e, text, labels) in enumerate(_LINES))
    voices = tuple(
        tuple(Voice(s, e, -20.5 if s == 26.9 else -28.0) for role, s, e, *_ in _LINES if role is own)
        for own in (_A, _C)
    )
    return Call(
        "sample", 47.0, "zh", turns, signals,
        measure(turns, 47.0, voices=voices, speech=[Span(t.start, t.end) for t in turns]),
        Metadata(scenario=Scenario.REPAIR, direction="inbound", csat=2.0),
        MappingProxyType({said: {_SAMPLE: cosine} for said, cosine in _LIKENESS.items()}),
    )  # fmt: skip


def _words(start: float, end: float, text: str) -> tuple[Word, ...]:
    step = (end - start) / len(text)
    return tuple(Word(start + i * step, start + (i + 1) * step, c, 0.92) for i, c in enumerate(text))
