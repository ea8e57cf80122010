"""Texts of the trainers' room in both languages: case library, coaching plans, comments on moments."""

from __future__ import annotations

LIBRARY: dict[str, tuple[str, str]] = {
    "library": ("案例库", "Case library"),
    "coaching": ("辅导", "Coaching"),
    "my_coaching": ("我的辅导", "My coaching"),
    # cases
    "library_intro": (
        "值得反复听的片段：正例示范怎么做，反例提醒别再犯。依据：《服务规章制度》二（三）“服务案例库，收集并分析典型案例”；"
        "《客户服务质量监控体系建设方案》二（三）4“经验固化与推广”。",
        "Stretches worth hearing again: good ones to learn from, bad ones to avoid. After the standards: Service rules "
        "2 (3), a library of typical cases; Quality monitoring 2 (3) 4, experience is kept and spread.",
    ),
    "library_case": ("案例 {n}", "Case {n}"),
    "n_library_cases": ("{n:,} 个案例", "{n:,} cases"),
    "case_kind_good": ("正例", "Good example"),
    "case_kind_bad": ("反例", "Bad example"),
    "level": ("坐席级别", "Agent's level"),
    "level_": ("未填", "not given"),
    "level_new": ("新人", "New"),
    "level_skilled": ("熟练", "Skilled"),
    "level_senior": ("资深", "Senior"),
    "tag": ("标签", "Tag"),
    "tags": ("标签", "Tags"),
    "tags_hint": ("用逗号分开，如：新人培训，道歉", "separated by commas, as in: new hires, apology"),
    "tags_known": ("已有标签", "In use"),
    "call_language": ("语言", "Language"),
    "call_language_zh": ("中文", "Chinese"),
    "call_language_en": ("英文", "English"),
    "no_item": ("不属于某个项目", "Of no item"),
    "suggestions": ("机器推荐", "Suggestions"),
    "suggestions_intro": (
        "在最近 {n:,} 通您能查看的通话中，机器判定最有把握的符合与不符合，以及最没把握的（适合校准讨论）。"
        "人工改判过的不推荐。听过再收：推荐只是线索。",
        "Among the last {n:,} calls that you may see: what the machine is surest was met and missed, and what it is "
        "least sure of, which suits a calibration. What people answered otherwise is left out. Hear it before you add "
        "it: a suggestion is only a lead.",
    ),
    "suggest_best": ("最好的片段", "Best moments"),
    "suggest_worst": ("最差的片段", "Worst moments"),
    "suggest_doubtful": ("最没把握的片段", "Least sure"),
    "suggest_none": ("没有可以播放的片段。", "No moment that can be heard."),
    "suggest_no_calls": (
        "还没有可推荐的通话：用 callqa inspect 质检录音后再来看。",
        "There are no calls to suggest from: come back when callqa inspect has inspected some.",
    ),
    "add_to_library": ("收入案例库", "Add to library"),
    "add_good": ("收为正例", "Add as good"),
    "add_bad": ("收为反例", "Add as bad"),
    "in_library": ("已在库中", "In the library"),
    "adjust": ("调整后收入", "Adjust and add"),
    "open_call": ("打开通话", "Open the call"),
    "edit_case": ("修改", "Edit"),
    "remove_case": ("移出案例库", "Remove"),
    "save": ("保存", "Save"),
    "begins": ("开始", "From"),
    "ends": ("结束", "To"),
    "times_help": (
        "分:秒，如 01:15.5；片段 0.5 秒到 5 分钟。",
        "minutes:seconds, as in 01:15.5; half a second to 5 minutes.",
    ),
    "hear_stretch": ("试听这一段", "Hear the stretch"),
    "begins_here": ("从此刻开始", "Begin at this moment"),
    "ends_here": ("到此刻结束", "End at this moment"),
    "case_comment_hint": ("好在哪里、差在哪里、应该怎么说", "What is good or bad about it, what should be said"),
    "around_stretch": ("前后的话", "What is said there"),
    "times_unread": (
        "没有保存：开始和结束时间无法理解，或结束不在开始之后。",
        "Not saved: the times are not understood, or the end is not after the beginning.",
    ),
    "kind_wanted": ("没有保存：请选择正例或反例。", "Not saved: choose good or bad example."),
    "library_overtaken": (
        "没有保存：别人刚刚改过这个案例。下面是您填写的内容，核对后可再次保存。",
        "Not saved: somebody changed this case meanwhile. What you entered is below; look at theirs, then save again "
        "if you still want to.",
    ),
    "case_by": ("收入者", "Added by"),
    "case_suggested": ("机器推荐", "suggested by the machine"),
    "case_link": ("内部链接", "Link within the desk"),
    "case_link_help": (
        "同事登录后可打开；只有有权查看这通电话的人能看到。",
        "Colleagues open it when logged in; only who may see the call sees it.",
    ),
    "clip_note": (
        "只含这一段；识别出的号码在文本中遮盖，在声音中静音。",
        "This stretch only; numbers that were recognised are covered in the text and silent in the sound.",
    ),
    "library_empty": ("案例库还是空的。", "The library is empty."),
    "library_empty_more": (
        "在通话页面点话轮或证据旁的“案例”，或从机器推荐里一键收入。",
        "On a call's page choose “case” beside a turn or evidence, or add what the machine suggests with one click.",
    ),
    "library_none": ("没有符合条件的案例。", "No case matches."),
    "export": ("导出播放列表", "Export a playlist"),
    "export_help": (
        "ZIP：编号的音频片段、M3U8、网页索引、CSV 和 JSON。未勾选时导出当前筛选的最新 {n} 个。导出会记入审计日志。",
        "ZIP with numbered clips, M3U8, a page, CSV and JSON. With none ticked: the newest {n} that the filters show. "
        "Exports are recorded in the audit log.",
    ),
    "export_names": ("包含坐席姓名和通话编号", "with agents' names and call ids"),
    "export_pick": ("选入播放列表", "Into the playlist"),
    "sound_format": ("音频格式", "Sound"),
    "playlist_page": ("案例播放列表", "Playlist of cases"),
    "playlist_note": (
        "内部培训资料。文本中的号码已遮盖，识别出的号码在声音中静音；姓名、地址等可能仍能听到，请勿外传。",
        "For training within the house. Numbers are covered in the text and, where recognised, silent in the sound; "
        "names and addresses may still be heard: do not pass it on.",
    ),
    "playlist_no_sound": ("录音已不在，只有文本。", "The recording is gone: text only."),
    # comments on moments
    "moments": ("此刻评论", "Comments on moments"),
    "comment_here": ("评论", "comment"),
    "case_here": ("案例", "case"),
    "comment_moment": ("评论某一刻", "Comment on a moment"),
    "moment": ("时刻", "Moment"),
    "comment_text": ("评论内容", "Comment"),
    "share_with_agent": ("坐席可见", "The agent may read it"),
    "shared_with_agent": ("坐席可见", "agent reads it"),
    "comment_send": ("发表", "Write"),
    "comment_withdraw": ("撤回", "Withdraw"),
    # coaching
    "coaching_intro": (
        "先看数据定目标，谈完后看后面的通话有没有变化。依据：《客户服务质量监控体系建设方案》二（三）3“建设性反馈”"
        "“个性化辅导”、4“PDCA 循环”；《客户保障：服务质量保证体系》3“实施后再次评估效果”。",
        "Goals come from the figures; the calls after the talk show whether it helped. After the standards: Quality "
        "monitoring 2 (3) 3, constructive feedback and individual coaching, and 4, plan-do-check-act; Service "
        "assurance 3, look at the effect again afterwards.",
    ),
    "coaching_intro_own": (
        "班组长或培训师为您制定的计划：目标、要听的片段，以及后来的通话有没有变化。",
        "Plans made with you: goals, moments to hear, and whether your later calls show a change.",
    ),
    "plan": ("辅导计划", "Coaching plan"),
    "plan_new": ("新建辅导计划", "New coaching plan"),
    "plan_state": ("状态", "State"),
    "plan_state_open": ("进行中", "Under way"),
    "plan_state_closed": ("已结束", "Closed"),
    "plan_overdue": ("已过期", "overdue"),
    "plan_waits": ("待辅导", "talk to come"),
    "plan_watch": ("观察中", "watching"),
    "plan_read": ("坐席已确认", "acknowledged"),
    "plan_unread": ("坐席未确认", "not yet acknowledged"),
    "plan_by": ("制定人", "Made by"),
    "plans_none": ("还没有辅导计划。", "There is no coaching plan yet."),
    "plans_none_more": (
        "选一位坐席，按最近通话里最弱的项目定目标；谈完后填上日期，这里会比较前后。",
        "Choose an agent and set goals on the items that went worst; enter the day of the talk, and before and after "
        "are compared here.",
    ),
    "plans_none_own": ("目前没有为您制定的辅导计划。", "There is no coaching plan for you at present."),
    "goal": ("目标", "Goal"),
    "goals": ("目标项目", "Goals"),
    "goals_help": (
        "勾选 1 到 {n} 项。默认目标 {target}%，期限一个月："
        "《服务流程规范方案》三（二）1（2）“设定合理目标值，例如…90%以上”，"
        "三（一）2（2）“每月组织全面复盘”。",
        "Tick 1 to {n}. By default {target}%, within a month: Service procedures 3 (2) 1 (2), sensible targets such as "
        "90%, and 3 (1) 2 (2), a full look back each month.",
    ),
    "goals_wanted": (
        "没有保存：请至少勾选一项目标，目标为 1 到 100，并填写期限。",
        "Not saved: tick at least one goal with a target of 1 to 100, and give the day it is due.",
    ),
    "recent_month": ("最近一次来电前 {days} 天", "{days} days up to the last call"),
    "met_share": ("符合率", "Met"),
    "calls_judged": ("判定通数", "Calls"),
    "target": ("目标", "Target"),
    "due": ("期限", "Due"),
    "coached_on": ("辅导日期", "Day of the talk"),
    "not_coached": ("尚未辅导", "not yet"),
    "before_talk": ("辅导前", "Before"),
    "after_talk": ("辅导后", "After"),
    "difference": ("变化", "Change"),
    "points_changed": ("{n:+.0f} 个百分点", "{n:+.0f} points"),
    "days_from_to": ("{since} 至 {until}", "{since} to {until}"),
    "did_it_work": ("有效吗", "Did it work"),
    "how_told": ("怎么判断的", "How this is told"),
    "verdict_worked": ("有效", "It worked"),
    "verdict_not": ("没看到效果", "No effect seen"),
    "verdict_worse": ("变差了", "It got worse"),
    "verdict_too_few": ("样本太少", "Too few calls"),
    "verdict_waiting": ("等待后续通话", "Waiting for calls"),
    "verdict_worked_more": ("提升超出偶然波动。", "It rose by more than chance explains."),
    "verdict_not_more": ("前后差别可能只是偶然。", "The difference may be chance."),
    "verdict_worse_more": ("下降超出偶然波动。", "It fell by more than chance explains."),
    "verdict_too_few_more": (
        "前后各需至少 {few} 通，还差 {n} 通，不下结论。",
        "Each side needs {few} calls; {n} are wanting, so nothing is concluded.",
    ),
    "verdict_waiting_more": (
        "填写辅导日期后，从第二天起的通话算作“后”。",
        "Calls count as after from the day behind the talk.",
    ),
    "reached_yes": ("达标", "target reached"),
    "reached_unsure": ("已到目标值，但还不稳（区间下限未达）", "at the target, not yet for sure"),
    "reached_no": ("未达标", "below target"),
    "reached_unknown": ("达标与否待定", "target: too early"),
    "forms_differ": ("前后评分表版本不同，比较仅供参考。", "Judged by different forms: the comparison is weak."),
    "coaching_method": (
        "前：辅导前 {days} 天；后：辅导次日至期限；各最多 {most} 通。"
        "符合率只计判定为符合、部分符合、不符合的通话，部分符合不算符合。"
        "括号内为 95% 区间（Wilson）；是否有效看前后之差的 95% 区间（Newcombe 1998）是否不含 0。用的是机器判定。"
        "坐席往往在最差时被选中，数字会自然回升一些；没有同期对照，不能证明就是辅导的作用。",
        "Before: {days} days up to the talk; after: from the next day until due; at most {most} calls each. Only calls "
        "judged met, partly met or missed count, and partly met is not met. In brackets the 95% interval (Wilson); it "
        "worked where the 95% interval of the difference (Newcombe 1998) lies above 0. Machine answers. People are "
        "coached when figures are worst, and figures then rise somewhat by themselves; without others to compare "
        "with, this does not prove that the talk did it.",
    ),
    "frozen_note": ("结果已在结束时固定。", "The result was kept when the plan was closed."),
    "plan_cases": ("要听的案例", "Cases to hear"),
    "plan_cases_none": (
        "还没有案例。打开案例库里的案例，选择“加入辅导计划”。",
        "No case yet: open one in the library and choose “to a coaching plan”.",
    ),
    "plan_cases_hidden": (
        "另有 {n} 个来自其他同事的通话，由辅导人面谈时播放。",
        "{n} more are of colleagues' calls: your coach plays them at the talk.",
    ),
    "plan_cases_not_yours": ("另有 {n} 个不在您的权限内。", "{n} more are not yours to see."),
    "plan_cases_removed": ("另有 {n} 个已从案例库移出。", "{n} more were removed from the library."),
    "plan_attach": ("加入辅导计划", "To a coaching plan"),
    "plan_detach": ("移出计划", "Take out"),
    "plan_attach_none": ("还没有进行中的计划。", "No plan is under way."),
    "find_cases": ("该坐席的案例", "This agent's cases"),
    "notes": ("记录", "Notes"),
    "note_text": ("记录内容", "Note"),
    "note_hint": (
        "一对一谈了什么、约定了什么（问题所在、改进措施）",
        "What was said and agreed: what went wrong, what to do instead",
    ),
    "note_add": ("添加", "Add"),
    "notes_none": ("还没有记录。", "No note yet."),
    "acknowledge": ("我已阅读并确认", "I have read it"),
    "acknowledge_hint": ("想说的话（可不填）", "Anything to say to it (optional)"),
    "acknowledged": ("已于 {at} 确认", "acknowledged {at}"),
    "acknowledge_help": (
        "确认表示已经阅读，不表示同意；您的话会附在记录里。",
        "It says that you have read the plan, not that you agree; what you write is added to the notes.",
    ),
    "close_plan": ("结束计划", "Close the plan"),
    "reopen_plan": ("重新打开", "Open again"),
    "close_help": ("结束时固定结果。", "Closing keeps the result as it stands."),
    "days_unread": (
        "没有保存：请填写期限；辅导日期不能晚于期限。",
        "Not saved: give the day it is due; the talk cannot be after it.",
    ),
    "plan_overtaken": (
        "没有保存：别人刚刚改过这份计划，下面是现在的样子。",
        "Not saved: somebody changed this plan meanwhile. This is how it stands now.",
    ),
    "choose_agent": ("选择坐席", "Choose an agent"),
    "choose": ("选择", "Choose"),
    "not_judged_lately": ("近期没有判定过的项目", "Items not judged lately"),
    "to_agent_first_note": ("计划说明", "About the plan"),
}
