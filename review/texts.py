"""Every text of the report in both languages, and the way they reach the page.

A page carries both languages side by side; a stylesheet shows one of them, so that it can be read without a script.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from review.plain import plain

LANGUAGES = ("zh", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    # page
    "title": ("通话质检报告", "Call inspection report"),
    "machine_badge": ("机器评分 · 未经人工复核", "Machine scores · not reviewed by a person"),
    "switch_language": ("English", "中文"),
    "switch_theme": ("深色 / 浅色", "Dark / light"),
    "sections": ("报告章节", "Sections of this report"),
    "inspected": ("检查于 {start}，用时 {took}", "Inspected {start}, took {took}"),
    "inspected_in": ("检查于 {first} 至 {last}，共 {n:,} 次运行", "Inspected {first} to {last} in {n:,} runs"),
    "warnings": ("提示", "Warnings"),
    "warning": ("提示", "Warning"),
    "colon": ("：", ": "),
    "more_in": (
        "此处只列 {shown:,} 条，共 {total:,} 条；全部见 {file}。",
        "{shown:,} of {total:,} are listed here; all of them are in {file}.",
    ),
    "no_calls": ("本次没有可评估的通话。", "No call could be evaluated in this run."),
    "no_calls_failed": ("失败原因和处理办法见下方。", "The reasons and what to do about them are listed below."),
    "no_calls_empty": (
        "没有收到可检查的录音，请检查输入文件夹。",
        "No recording was taken up: check the input folder.",
    ),
    # headline
    "headline": ("总览", "Overview"),
    "evaluated": ("已评通话", "Calls evaluated"),
    "average": ("平均分", "Average score"),
    "interval": ("95% 区间 {low:.1f}–{high:.1f}", "95% interval {low:.1f}–{high:.1f}"),
    "no_interval": ("有分通话不足 {least} 通，不给区间", "fewer than {least} scored calls: no interval"),
    "interval_note": (
        "区间把这些通话看作同类通话的一个样本；两个区间明显重叠时，差异可能只是偶然。",
        "Intervals treat these calls as a sample of their kind; where two overlap widely, the gap may be chance.",
    ),
    "pass_rate": ("合格率", "Pass rate"),
    "pass_of": ("{passed:,} / {scored:,} 通 ≥ {mark:g} 分", "{passed:,} of {scored:,} calls ≥ {mark:g}"),
    "fatal_calls": ("致命项通话", "Fatal calls"),
    "fatal_share": ("占已评通话 {share}", "{share} of calls evaluated"),
    "flags": ("预警", "Flags"),
    "flags_by": ("高 {high:,} · 中 {medium:,} · 低 {low:,}", "high {high:,} · medium {medium:,} · low {low:,}"),
    "not_scored": ("未给分", "Not scored"),
    "failed": ("处理失败", "Failed"),
    "audio": ("录音时长", "Audio"),
    "hours": ("{n:.1f} 小时", "{n:.1f} h"),
    "minutes": ("{n:.0f} 分钟", "{n:.0f} min"),
    "speed": ("处理速度", "Speed"),
    "times_real": ("{n:.1f} 倍实时", "{n:.1f}× real time"),
    "duplicates": ("重复跳过", "Duplicates skipped"),
    "most_lost": ("失分最多的项目", "Where most points were lost"),
    "lost_in": ("不符合 {missed:,} / {judged:,} 通", "missed in {missed:,} of {judged:,}"),
    # flagged
    "flagged": ("预警与致命项", "Flagged and fatal"),
    "flagged_intro": (
        "请先处理这些通话。按严重程度、再按得分排列。",
        "Look at these first. Ordered by severity, then by score.",
    ),
    "show_more": ("再显示 {n:,} 通", "Show {n:,} more"),
    "no_flagged": (
        "没有预警、致命项或关键项不符合的通话。",
        "No call raised a flag or missed a fatal or critical item.",
    ),
    "fatal_form": ("致命 · 整表清零", "Fatal · whole form zero"),
    "fatal_section": ("致命 · 本节清零", "Fatal · section zero"),
    "critical": ("关键项", "Critical"),
    "severity_high": ("预警·高", "Flag: high"),
    "severity_medium": ("预警·中", "Flag: medium"),
    "severity_low": ("预警·低", "Flag: low"),
    # comparison of two forms
    "compared": ("新旧评分表对比", "Two versions compared"),
    "compared_intro": (
        "同一批通话、同一份转写，分别按两版评分表评分；箭头左为旧，右为新。",
        "The same calls and transcripts judged by both forms; before the arrow the old one, after it the new one.",
    ),
    "calls_changed": ("有变化的通话", "Calls that change"),
    "calls_compared": ("共比较 {n:,} 通", "of {n:,} compared"),
    "mean_change": ("平均分变化", "Change of the average"),
    "mean_from_to": ("{before:.1f} → {after:.1f}", "{before:.1f} → {after:.1f}"),
    "pass_flips": ("转为合格 / 不合格", "Pass now / fail now"),
    "up_down": ("升 {up:,} 通，降 {down:,} 通", "{up:,} up, {down:,} down"),
    "not_comparable": (
        "有 {n:,} 通无法比较：没有保存转写和信号，或评分表未保存。",
        "Calls that could not be compared: {n:,}. No transcript with signals is stored, or a form was not kept.",
    ),
    "form_changes": ("评分表改动", "What changed in the form"),
    "form_not_kept": (
        "台账没有保存其中一版评分表，无法列出改动。",
        "The ledger did not keep one of the forms: what changed in it cannot be told.",
    ),
    "form_same": ("两版内容相同。", "Both forms ask the same."),
    "change": ("改动", "Change"),
    "change_added": ("新增", "added"),
    "change_removed": ("删除", "removed"),
    "change_moved": ("移动", "moved"),
    "change_changed": ("修改", "changed"),
    "form_key": ("键", "Key"),
    "before": ("旧", "Before"),
    "after": ("新", "After"),
    "grades_moved": ("等级变化（行为旧，列为新）", "Grades (before down, after across)"),
    "items_changed": ("有变化的项目", "Items that change"),
    "answers_moved": ("答案变化（通话数）", "Answers before → after (calls)"),
    "not_asked": ("未设此项", "not asked"),
    "largest_changes": ("变化最大的通话", "Calls that change most"),
    "more_changed": (
        "此处列出 {shown:,} 通，共 {total:,} 通有变化；全部见 callqa rubric diff --json。",
        "{shown:,} of {total:,} calls that change; all of them: callqa rubric diff --json.",
    ),
    # distribution
    "distribution": ("得分分布", "Scores"),
    "histogram_desc": (
        "有分通话 {n:,} 通，每 5 分一档；虚线为各等级起点，数据见旁边的表格。",
        "{n:,} scored calls in steps of 5 points; dashed lines mark where grades begin. The same data is in the table.",
    ),
    "grade": ("等级", "Grade"),
    "from_score": ("起点", "From"),
    "calls": ("通话数", "Calls"),
    "share": ("占比", "Share"),
    "score_range": ("分数段", "Scores"),
    "as_table": ("每档通话数（表格）", "Calls in each step (table)"),
    "pass_mark": ("合格线", "pass mark"),
    # items
    "items": ("各项符合情况", "Results by item"),
    "items_intro": (
        "条形为已判定通话中符合、部分符合、不符合的占比。不足 {least} 通的标“样本少”，不宜下结论；"
        "未达判定条件的录音不计入。",
        "Bars show the shares met, partly met and missed among judged calls. Below {least} judged is marked “few”: "
        "too few to conclude from. Recordings unfit to be judged are left out.",
    ),
    "item": ("项目", "Item"),
    "points": ("分值", "Points"),
    "status_met": ("符合", "Met"),
    "status_partly_met": ("部分符合", "Partly met"),
    "status_missed": ("不符合", "Missed"),
    "status_not_applicable": ("不适用", "N/A"),
    "status_cannot_judge": ("无法判定", "Cannot judge"),
    "judged": ("判定数", "Judged"),
    "few": ("样本少", "few"),
    "nothing_judged": ("没有可判定的通话", "nothing judged"),
    # worst calls
    "worst": ("重点通话", "Calls to look into"),
    "worst_intro": (
        "预警通话与得分最低的通话，最多 {most} 通，附证据、扣分计算和转写文本。",
        "Flagged calls and those with the lowest scores, at most {most}, with evidence, arithmetic and transcript.",
    ),
    "expand_all": ("全部展开", "Expand all"),
    "collapse_all": ("全部收起", "Collapse all"),
    "points_lost": ("扣 {n:g} 分", "−{n:g} points"),
    "whole_call": ("整通录音", "whole recording"),
    "silence": ("静默", "silence"),
    "said_before": ("静默前", "before it"),
    "arithmetic": ("扣分计算", "Arithmetic"),
    "transcript": ("转写文本（{n:,} 个话轮）", "Transcript ({n:,} turns)"),
    "unsure_turn": ("识别不确定 {n:.2f}", "recognition unsure {n:.2f}"),
    "transcript_note": (
        "标有“识别不确定”的话轮置信度低于 {least:g}，请以录音为准。",
        "Turns marked “recognition unsure” have a confidence below {least:g}: trust the recording, not the text.",
    ),
    "turns_left_out": ("其余 {n:,} 个话轮未放入报告。", "{n:,} more turns are not in this report."),
    "nothing_missed": ("没有不符合的项目。", "No item was missed."),
    "more_items": ("另有 {n} 项未列出，见扣分计算。", "{n} more items are not listed; see the arithmetic."),
    "unjudged_items": ("无法判定", "Could not be judged"),
    "zeroed": ("清零", "set to zero"),
    "recording": ("录音文件", "Recording"),
    "recording_gone": (
        "（生成报告时未找到，无法播放；移动过请重新生成报告）",
        "(not found when this report was made, so it cannot be played; if it was moved, make the report again)",
    ),
    "read_on": ("转写", "transcript"),
    "player": ("录音播放", "Recording"),
    "open_recording": ("单独打开", "Open by itself"),
    "close": ("关闭", "Close"),
    "unknown_format": (
        "浏览器不支持这种录音格式，请点“单独打开”，用其他播放器收听。",
        "The browser cannot play this format: open the recording by itself, in another player.",
    ),
    "no_sound": (
        "无法播放：录音已移动或删除，或浏览器不支持其编码。可点“单独打开”核对；移动过请重新生成报告。",
        "It cannot be played: the recording was moved or deleted, or the browser does not know its codec. "
        "Open it by itself to see; if it was moved, make the report again.",
    ),
    "role_agent": ("坐席", "Agent"),
    "role_customer": ("客户", "Customer"),
    "role_system": ("系统", "System"),
    # moments
    "moments": ("优秀示例", "Best moments"),
    "moments_intro": (
        "可用于培训的原话，播放前请先听一遍录音。",
        "Real wording for training. Listen to the recording before using it.",
    ),
    # agents, scenarios
    "agents": ("坐席", "Agents"),
    "agents_intro": (
        "平均分由低到高，便于安排辅导；有分通话不足 {least} 通的坐席不排名、不给区间。",
        "Lowest average first, to plan coaching. Below {least} scored calls there is neither a rank nor an interval.",
    ),
    "not_ranked": (
        "不排名：有分通话不足 {least} 通，或未提供坐席",
        "Not ranked: fewer than {least} scored calls, or no agent given",
    ),
    "agent": ("坐席", "Agent"),
    "team": ("班组", "Team"),
    "unknown_agent": ("未提供坐席", "agent not given"),
    "other_agents": ("其余坐席合计", "other agents together"),
    "mean": ("平均分", "Average"),
    "scored_calls": ("有分 {n:,}", "{n:,} scored"),
    "interval_column": ("95% 区间", "95% interval"),
    "most_missed": ("最常不符合的项目", "Most missed item"),
    "flagged_calls": ("预警通话", "Flagged"),
    "scenarios": ("场景", "Scenarios"),
    "scenario": ("场景", "Scenario"),
    "scenario_consult": ("咨询", "Enquiry"),
    "scenario_complaint": ("投诉", "Complaint"),
    "scenario_repair": ("报修", "Repair"),
    "scenario_after_sales": ("售后", "After-sales"),
    "scenario_other": ("其他", "Other"),
    "scenario_": ("未提供", "not given"),
    # all calls
    "all_calls": ("全部通话", "All calls"),
    "all_intro": ("最需要关注的排在前面。", "Those that need most attention come first."),
    "sortable": ("点列名可排序。", "Click a column heading to sort."),
    "filter": ("筛选：通话、坐席、场景……", "Filter: call, agent, scenario …"),
    "filter_label": ("筛选通话", "Filter calls"),
    "show": ("显示范围", "Show"),
    "show_all": ("全部", "All"),
    "show_flagged": ("预警或致命", "Flagged or fatal"),
    "show_failed": ("未合格", "Below pass mark"),
    "show_unscored": ("未给分", "Not scored"),
    "rows_shown": ("显示行数", "Rows shown"),
    "call": ("通话", "Call"),
    "started": ("通话时间", "Time of call"),
    "length": ("时长", "Length"),
    "mean_length": ("平均时长", "Average length"),
    "score": ("得分", "Score"),
    "missed_items": ("不符合", "Missed"),
    "attention": ("关注", "Attention"),
    "fatal": ("致命", "Fatal"),
    # unjudged
    "unjudged": ("无法判定", "Not judged"),
    "unjudged_intro": (
        "证据不足时机器不猜，以下内容请由人工判断。",
        "Where evidence is too thin the machine does not guess; these go to a person.",
    ),
    "calls_not_scored": ("未给分的通话", "Calls without a score"),
    "items_not_judged": ("有分通话中无法判定的项目", "Items left open in calls that have a score"),
    "all_judged": (
        "所有通话均已给分，所有适用项目均已判定。",
        "Every call has a score and every item that applied was judged.",
    ),
    "why": ("原因", "Why"),
    "reasons": ("主要原因（例）", "Main reasons (examples)"),
    # failures
    "failures": ("处理失败", "Failures"),
    "no_failures": ("没有失败的录音。", "No recording failed."),
    "stage": ("环节", "Stage"),
    "stage_intake": ("录音未能接收（文件或通话信息有误）", "Intake: file or call data"),
    "stage_decode": ("录音无法读取", "Decoding: recording not readable"),
    "stage_transcribe": ("语音识别失败", "Transcription failed"),
    "stage_judge": ("按评分表评分失败", "Judging by the form"),
    "stage_process": ("处理中断", "Processing was cut short"),
    "remedy": ("处理办法", "What to do"),
    # about
    "about": ("报告说明", "About"),
    "about_machine": (
        "所有分数由机器依据评分表给出，未经人工复核，不宜单独作为考核或处分依据。转写可能有误，请以录音为准。",
        "All scores were given by machine following the rubric. No person has reviewed them: do not base appraisal or "
        "discipline on them alone. Transcripts may be wrong: the recording decides.",
    ),
    "about_privacy": (
        "本报告含客户通话内容，请按客户信息管理；长串号码和邮箱已遮盖，录音和数据文件未遮盖。处理和打开报告均不需要联网。",
        "This report holds what customers said: handle it as customer data. Long numbers and mail addresses are "
        "covered here, not in the recordings and data files. It was made and is read without a network.",
    ),
    "rubric": ("评分表", "Rubric"),
    "version": ("版本", "Version"),
    "fingerprint": ("指纹", "Fingerprint"),
    "status_draft": ("草稿", "draft"),
    "status_published": ("已发布", "published"),
    "status_retired": ("已停用", "retired"),
    "models": ("模型", "Models"),
    "settings": ("设置", "Settings"),
    "begun": ("开始", "Begun"),
    "ended": ("结束", "Ended"),
    "draft_rubric": ("评分表仍是草稿，结果不作正式依据。", "The rubric is a draft: results are not official."),
    "foreign": (
        "有 {n:,} 通按另一版本的评分表评分，与其他通话不可直接比较。",
        "Calls judged by another version of the rubric: {n:,}. They cannot be compared directly with the others.",
    ),
}
TEXTS = MappingProxyType(_TEXTS)


def text(key: str, language: str, **values: Any) -> str:
    """One text in one language, for attributes; not yet escaped."""
    return TEXTS[key][LANGUAGES.index(language)].format(**values)


def both(key: str, **values: Any) -> Markup:
    """One text in both languages; values are cleaned and escaped."""
    safe = {name: plain(value) if type(value) is str else value for name, value in values.items()}
    zh, en = (escape(each).format(**safe) for each in TEXTS[key])
    return pair(zh, en)


def pair(zh: str, en: str) -> Markup:
    """A text given in both languages, such as the name of a rubric item."""
    zh, en = plain(zh), plain(en)
    if zh == en:
        return escape(zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(zh, en)


def word(kind: str, value: object) -> Markup:
    """The name of one of a known set (role, status, scenario, severity); as it is where unknown."""
    key = f"{kind}_{value or ''}"
    return both(key) if key in TEXTS else Markup("<bdi>{}</bdi>").format(plain(str(value)))
