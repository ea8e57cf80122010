"""Texts of the evidence pack's report, in both languages."""

from __future__ import annotations

from typing import Any

from review.desk.texts import TEXTS as DESK
from review.texts import LANGUAGES
from review.texts import TEXTS as REPORT

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("通话质检证据包", "Evidence pack of an inspected call"),
    "foot": ("callqa 证据包 · {call} · 录音 sha256 {sha}", "callqa evidence pack · {call} · recording sha256 {sha}"),
    "masked": (
        "号码和邮箱已遮盖（•），录音中相应的词已静音；姓名和地址没有遮盖。",
        "Numbers and mail addresses are covered (•) and silenced in the sound; names and addresses are not.",
    ),
    "unmasked": (
        "本证据包含未遮盖的客户信息，仅限所述理由使用。",
        "This pack holds personal data as it was said. Use it for the stated reason only.",
    ),
    "about": ("通话与评分", "The call and its evaluation"),
    "call": ("通话编号", "Call"),
    "recording": ("录音 sha256", "Recording sha256"),
    "agent": ("坐席", "Agent"),
    "team": ("班组", "Team"),
    "phone": ("客户电话", "Customer"),
    "scenario": ("场景", "Scenario"),
    "started": ("开始时间", "Started"),
    "duration": ("时长", "Length"),
    "form": ("评分表", "Form"),
    "form_hash": ("评分表 sha256", "Form sha256"),
    "machine_score": ("机器评分", "Machine's score"),
    "human_score": ("人工复核", "People's score"),
    "not_reviewed": ("尚未复核", "not reviewed"),
    "fatal": ("致命项", "fatal item missed"),
    "case": ("合规案件", "Case"),
    "case_line": (
        "第 {number} 号，{kind}，{status}，期限 {due}",
        "No. {number}, {kind}, {status}, deadline {due}",
    ),
    "disposition": ("处理结论", "Disposition"),
    "made": ("导出", "Exported"),
    "reason": ("导出理由", "Reason"),
    "concerns": ("所涉项目：条款、答案、证据", "The items concerned: clause, answer, evidence"),
    "clause": ("条款", "Clause"),
    "guide": ("检查要点", "What is asked"),
    "answer": ("机器答案", "Machine's answer"),
    "confidence": ("把握 {n:.0%}", "confidence {n:.0%}"),
    "points": ("{points:g} / {potential:g} 分", "{points:g} of {potential:g} points"),
    "why": ("依据", "Why"),
    "person": ("人工答案", "Person's answer"),
    "arithmetic": ("算分", "Arithmetic"),
    "evidence": ("证据", "Evidence"),
    "whole_call": ("整通通话", "the whole call"),
    "no_clip": ("（没有录音）", "(no sound)"),
    "no_evidence": ("没有时间点上的证据：判定依据是没有出现。", "No moment to point at: it rests on what is absent."),
    "sum": ("算分过程", "The arithmetic"),
    "trail": ("复核、申诉与案件记录", "Reviews, appeals and the case's trail"),
    "no_trail": ("没有记录。", "There is none."),
    "round_first": ("复核", "Review"),
    "changed": ("{item}：机器 {machine}，人工 {person}", "{item}: machine {machine}, person {person}"),
    "transcript": ("转写文本", "Transcript"),
    "unsure": ("（识别不确定）", "(hard to hear)"),
    "audit": ("审计摘录", "Audit extract"),
    "audit_note": (
        "审计日志中与本通话有关的记录。每行的哈希包含上一行的哈希；导出时日志末行为 {end}。",
        "The lines of the audit log about this call. The hash of a line covers the hash of the one before; the last "
        "line of the log when this was exported: {end}.",
    ),
    "files": ("文件与版本", "Files and versions"),
    "files_note": (
        "本 PDF 与清单的哈希见 SHA256SUMS 和 manifest.json；清单的哈希记入审计日志。",
        "The hash of this PDF is in manifest.json and SHA256SUMS; the manifest's own is in the audit log.",
    ),
    "model": ("模型", "Model"),
    "no_sound": ("录音", "Sound"),
}


def say(key: str, language: str, **values: Any) -> str:
    """One text in a language."""
    return TEXTS[key][LANGUAGES.index(language)].format(**values)


def word(kind: str, value: object, language: str) -> str:
    """The name of one of a known set, from the desk or the report; as it is where unknown."""
    key = f"{kind}_{value or ''}"
    texts = TEXTS.get(key) or DESK.get(key) or REPORT.get(key)
    return texts[LANGUAGES.index(language)] if texts else str(value or "")
