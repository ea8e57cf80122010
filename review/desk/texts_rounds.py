"""Texts of second reviews, calibration sessions, appeals and trust, in Chinese and English."""

from __future__ import annotations

from types import MappingProxyType

_TEXTS: dict[str, tuple[str, str]] = {
    "tasks": ("待办", "Tasks"),
    "waiting_for_you": ("项待处理", "waiting for you"),
    "no_tasks": ("目前没有需要您处理的事项。", "Nothing here is for your role."),
    "overdue": ("已超时", "overdue"),
    "score": ("得分", "Score"),
    "changed_meanwhile": ("刚刚有人改动过", "Somebody changed this meanwhile"),
    "changed_meanwhile_more": (
        "没有保存任何内容。请返回并刷新页面，看过最新情况后再操作。",
        "Nothing was saved. Go back, reload the page, and look at what is there now.",
    ),
    # blind
    "blind": ("盲评", "Blind"),
    "blind_note": (
        "请独立判断：这里不显示机器结果，也不显示其他人的答案和姓名。",
        "Judge by yourself: neither the machine's answers nor other people's, nor their names, are shown here.",
    ),
    "blind_final": (
        "提交后不能再改，随后可以看到对照。",
        "Once submitted it stands; then you see it beside the others.",
    ),
    "blind_now": ("这通电话正在盲评", "This call is under blind review"),
    "blind_now_more": (
        "您可能是它的第二复核人，或正在参加包含它的校准，因此暂时不能查看或修改他人的复核。没有保存任何内容。",
        "You may be its second reviewer, or take part in a calibration session with it: until then other people's "
        "review is neither shown to you nor yours to change. Nothing was saved.",
    ),
    "held_blind": ("您正在对这通电话做二次复核", "You are doing this call's second review"),
    "held_blind_more": (
        "提交之前，机器的答案、评分和首次复核都不向您显示，以保证盲评。请到“待办”继续二次复核；提交或退回后这里恢复显示。",
        "Until you submit it, the machine's answers and score and the first review are kept from you, so that yours is "
        "independent. Go on with it under Tasks; once it is submitted or given back, this page is open to you again.",
    ),
    "held_not_listed": (
        "您正在二次复核的 {n} 通不在此列出：排序和筛选会透露机器结果。请到“待办”继续。",
        "{n} calls whose second review you are doing are not listed, as order and filters would give the machine's "
        "result away: find them under Tasks.",
    ),
    "pack_unblinds": (
        "证据包含首次复核的内容。您还可以是这通电话的第二复核人：导出之后就不能再担任，并会记入操作日志。",
        "The pack tells what the first review said. You could still be this call's second reviewer: once you export "
        "it you no longer can, and that is noted.",
    ),
    "blind_overtaken_more": (
        "这份答案在别处（例如另一个窗口）已有更新，本次没有保存，也没有覆盖。您填写的内容在下面。",
        "These answers were saved elsewhere meanwhile, perhaps in another window. Nothing was "
        "saved or overwritten; what "
        "you entered is below.",
    ),
    "undecided_blind": ("还有项目没有判定", "Some items have no answer"),
    "undecided_blind_more": (
        "尚未提交。盲评需要逐项判定。您填写的内容都在下面。",
        "Nothing was submitted. A blind review answers every item. What you entered is below.",
    ),
    "reason_if_any": ("理由（可不填）", "Why (if you like)"),
    "n_points": ("{n} 分", "{n} points"),
    "hidden_now": ("复核结果暂不显示", "The review is not shown yet"),
    "hidden_now_more": (
        "这通电话正在等待独立的第二次复核或校准，您可以参与，所以先不显示他人的答案和姓名。",
        "The call awaits an independent second review or a calibration session in which you can take part, so other "
        "people's answers and names are kept from you for now.",
    ),
    "to_second": ("去做二次复核", "To the second review"),
    "to_tasks": ("先完成我的校准", "To my calibration sessions"),
    "unblind": ("直接查看，放弃盲评资格", "Show it to me, I will not be the second reviewer"),
    # second review
    "second_review": ("二次复核", "Second review"),
    "second_reviews": ("二次复核（双盲）", "Second reviews (double-blind)"),
    "first_review": ("首次复核", "First review"),
    "second_intro": (
        "由未看过首次复核的人独立再评一次。提交前看不到首次复核的答案和姓名，首次复核人也看不到您的。",
        "Somebody who has not seen the first review judges again. Until then neither sees the other's answers or name.",
    ),
    "no_looks": ("没有等您处理的二次复核。", "No second review waits for you."),
    "other_looks": ("其他人的和已完成的（{n}）", "Others' and finished ones ({n})"),
    "order_second": ("安排二次复核", "Order a second review"),
    "order_second_help": (
        "您安排的，由没看过首次复核的另一位质检员来做。",
        "Another reviewer who has not seen the first one will do it.",
    ),
    "second_not_now": ("现在不能安排二次复核", "A second review cannot be ordered now"),
    "second_not_now_more": (
        "需要先有已提交的复核，且每次质检结果只安排一次。",
        "It needs a submitted review, and there is one second review per evaluation.",
    ),
    "not_blind": ("您不能做这通的二次复核", "You cannot be its second reviewer"),
    "not_blind_more": (
        "它是您复核或安排的、您已看过首次复核，或已由别人领取。没有保存任何内容。",
        "You made or ordered the first review, have seen it, or somebody else has taken this. Nothing was saved.",
    ),
    "second_take_intro": (
        "您没有看过首次复核，可以领取。领取后请独立逐项判定。",
        "You have not seen the first review, so you can take this one. Then judge every item by yourself.",
    ),
    "second_waits": ("等待一位没看过首次复核的质检员领取。", "Waits for a reviewer who has not seen the first review."),
    "second_waits_taken": ("已有质检员领取，尚未提交。", "A reviewer has taken it and not submitted yet."),
    "take": ("领取", "Take it"),
    "give_back": ("退回，让别人来做", "Give it back"),
    "take_away": ("收回，重新开放领取", "Take it away, for others to take"),
    "look_open": ("待领取", "open"),
    "look_taken": ("已领取", "taken"),
    "look_done": ("已完成", "done"),
    "look_withdrawn": ("已撤回", "withdrawn"),
    "lot": ("抽中", "drawn"),
    "drawn_by_lot": ("按规则抽中（抽签值 {share}）", "drawn by the rule (lot {share})"),
    "ordered_by_hand": ("人工安排", "ordered"),
    "second_apart": ("{of} 项中有 {n} 项不同。", "{n} of {of} items differ."),
    "second_same": ("{of} 项全部相同。", "All {of} items are the same."),
    "differs": ("不同", "differs"),
    "second_note": (
        "得分仍以首次复核为准；两次的差异计入“人与人一致性”。",
        "The first review's score still counts; the differences go into the agreement among people.",
    ),
    "second_after_appeal": ("首次复核后来因申诉改过。", "The first review was later changed on appeal."),
    "rule_share": ("抽取已提交首次复核的", "Draw, of submitted first reviews,"),
    "rule_since": ("自", "since"),
    "rule_seed": ("种子", "seed"),
    "rule_help": (
        "每份首次复核提交时抽签一次：sha256(种子|质检结果编号) 换算成 0 到 1 之间的数，"
        "小于比例即抽中。规则和抽签都记入审计日志，"
        "可以重算。",
        "Each first review is drawn for once, when it is submitted: sha256(seed|evaluation) as "
        "a number from 0 to 1 below "
        "the share. Rule and draws are in the audit log and can be repeated.",
    ),
    "share_wrong": ("比例不对", "That is no share"),
    "share_wrong_more": ("请填 0 到 100 之间的数。", "Give a number from 0 to 100."),
    # calibration
    "calibration": ("校准", "Calibration"),
    "calibrations": ("校准", "Calibration sessions"),
    "calibrations_intro": (
        "几个人独立评同一组通话，再与专家和机器逐项对照，统一尺度。",
        "Several people judge the same calls blind and are then compared, item by item, with "
        "an expert and the machine.",
    ),
    "no_calibrations": ("还没有校准。", "There is no calibration session yet."),
    "new_calibration": ("新建校准", "New session"),
    "new_calibration_intro": (
        "挑 5 到 10 通尺度有争议的通话，指定专家和参与者。所有人（含专家）都盲评；开始后不能再改。",
        "Take 5 to 10 calls that people disagree on, name an expert and the others. All "
        "answer blind, the expert too; "
        "calls and people stay as they are from then on.",
    ),
    "session_name": ("名称", "Name"),
    "session_calls": (
        "通话（每行一个通话编号或页面地址，最多 {most} 通）",
        "Calls (a call's number or page address a line, {most} at most)",
    ),
    "session_expert": ("专家", "Expert"),
    "session_people": ("参与者", "Participants"),
    "begin_session": ("开始校准", "Begin"),
    "calibrate_with": ("用它做校准", "Calibrate with it"),
    "unfit_no_name": ("请填写名称。", "Give it a name."),
    "unfit_no_calls_given": ("请至少给出一通电话。", "Name at least one call."),
    "unfit_too_many_given": ("通话太多，最多：", "Too many calls; at most:"),
    "unfit_forms_differ": (
        "这些通话用了不同的评分表，不能一起校准。",
        "These calls were judged by different forms and cannot be compared.",
    ),
    "unfit_too_few_people": (
        "除专家外至少要有一位参与者（最多 30 人）。",
        "It takes the expert and at least one other (30 at most).",
    ),
    "unfit_no_expert": ("请指定专家。", "Name the expert."),
    "unfit_cannot_take_part": ("此人不能参加：", "Cannot take part:"),
    "unfit_cannot_see_call": ("此人无权查看这通电话：", "May not see this call:"),
    "unfit_appeal_running": ("这通电话的申诉还在处理：", "An appeal about this call is running:"),
    "unfit_no_such_call": ("没有这通电话：", "There is no such call:"),
    "n_people": ("{n} 人", "{n} people"),
    "yours_left": ("您还有 {n} 通", "{n} left for you"),
    "running": ("进行中", "running"),
    "closed_session": ("已结束", "closed"),
    "closed_at": ("结束于", "closed"),
    "expert": ("专家", "expert"),
    "your_calls": ("您要评的通话", "Your calls"),
    "answered": ("已提交", "submitted"),
    "answer_blind": ("去评", "judge"),
    "compared_later": (
        "您提交完所有通话，或校准结束后，这里显示对照。",
        "The comparison is shown when you have submitted all calls, or the session is closed.",
    ),
    "close_session": ("结束校准", "Close the session"),
    "close_session_help": (
        "结束后不能再提交，所有参与者都能看到对照。",
        "Nobody can submit after that, and all participants see the comparison.",
    ),
    "with_expert": ("与专家对照", "Beside the expert"),
    "with_expert_intro": (
        "每格：与专家相同的答案数 / 可比的答案数；机器未判的不计。",
        "Each cell: answers equal to the expert's / answers compared; those the machine left open are not counted.",
    ),
    "expert_missing": (
        "专家还没有提交，暂时无法与专家对照。",
        "The expert has not submitted yet, so there is nothing to compare with.",
    ),
    "all_items": ("全部项目", "All items"),
    "score_apart": ("与专家的平均分差", "Mean distance from the expert's score"),
    "alpha_people": ("人与人 α", "α among people"),
    "alpha_note": (
        "α（Krippendorff）适用于多人、允许缺答：1 为完全一致，0 相当于碰运气；可比通话不足 10 通时不给区间。",
        "α (Krippendorff) is for any number of people and missing answers: 1 is perfect, 0 as "
        "chance would have it. Below "
        "10 calls it has no interval.",
    ),
    "call_by_call": ("逐通对照", "Call by call"),
    "n_apart": ("{n} 项有分歧", "{n} items differ"),
    "open_call": ("打开通话", "Open the call"),
    # appeals
    "appeals": ("申诉", "Appeals"),
    "appeals_intro": (
        "坐席可在复核提交（没有复核时为机器评分）后 {days} 天内逐项申诉；班组长 {decide} "
        "小时内裁定；坐席不服可在 {escalate} "
        "小时内提请终审；质检 {judge} 小时内终审。",
        "Agents may appeal within {days} days of the review (without one, of the machine's "
        "score). The team leader decides "
        "within {decide} h, the agent may escalate within {escalate} h, QA judges finally within {judge} h.",
    ),
    "appeal_n": ("申诉 #{n}", "Appeal #{n}"),
    "appeal_filed": ("待班组长裁定", "with the team leader"),
    "appeal_decided": ("已裁定", "decided"),
    "appeal_escalated": ("待终审", "awaiting final judgement"),
    "appeal_closed": ("已办结", "closed"),
    "due_filed": ("裁定期限", "decision due"),
    "due_decided": ("可提请终审至", "may be escalated until"),
    "due_escalated": ("终审期限", "judgement due"),
    "step_filed": ("提出申诉", "Appealed"),
    "step_decided": ("班组长裁定", "Decided"),
    "step_escalated": ("提请终审", "Escalated"),
    "step_judged": ("终审", "Judged"),
    "against_review": ("针对复核第 {n} 版", "against version {n} of the review"),
    "against_machine": ("针对机器评分", "against the machine's evaluation"),
    "made_version": ("复核改为第 {n} 版", "made version {n} of the review"),
    "by_appeal": ("申诉 #{n} 改判", "changed on appeal #{n}"),
    "appeal_older": (
        "针对的是这通电话较早的一次质检结果。",
        "It is about an earlier evaluation of this call.",
    ),
    "upheld": ("维持", "upheld"),
    "changed_to": ("改为", "changed to"),
    "change_to": ("改为", "Change to"),
    "uphold": ("维持", "Uphold"),
    "stands_now": ("现为", "now"),
    "your_ruling": ("您的裁定", "Your decision"),
    "your_judgement": ("您的终审", "Your final judgement"),
    "ruling_reason": ("理由（必填，坐席可见）", "Why (needed; the agent reads it)"),
    "send_decision": ("提交裁定", "Send the decision"),
    "send_judgement": ("提交终审", "Send the judgement"),
    "escalate": ("提请终审", "Ask for final judgement"),
    "escalate_why": ("不服裁定的理由", "Why the decision is wrong"),
    "appeal_here": ("对这次质检提出申诉", "Appeal against this result"),
    "appeal_until": ("可申诉至", "possible until"),
    "appeal_intro": (
        "勾选有异议的项目并写明理由，最好说出时间点。每个项目只能申诉一次，请一次提全。",
        "Tick what you contest and say why, best with the moment in the call. Each item can be appealed against once.",
    ),
    "appeal_reason": ("理由，例如：1:05 已核对身份", "Why, for example: identity checked at 1:05"),
    "file_appeal": ("提交申诉", "Send the appeal"),
    "appeal_over": ("申诉期已过：", "The time to appeal is over:"),
    "appeal_nothing": ("这次质检没有可申诉的扣分项。", "There is nothing to appeal against: no points were lost."),
    "appeal_nothing_left": (
        "没有其他可申诉的项目，或申诉正在处理。",
        "Nothing else can be appealed against now: an appeal is running, or each item has had its own.",
    ),
    "nothing_appealed": ("没有勾选项目", "No item is ticked"),
    "nothing_appealed_more": ("尚未提交。请勾选有异议的项目。", "Nothing was sent. Tick what you contest."),
    "unexplained_appeal": ("请写明理由", "A reason is missing"),
    "unexplained_appeal_more": (
        "尚未提交。下列项目缺少理由：",
        "Nothing was sent. Say why for:",
    ),
    "unexplained_escalation": ("请写明理由", "A reason is missing"),
    "unexplained_escalation_more": (
        "尚未提交。请说明不服裁定的理由。",
        "Nothing was sent. Say why the decision is wrong.",
    ),
    "undecided_appeal": ("还有项目没有裁定", "Some items have no decision"),
    "undecided_appeal_more": ("尚未提交。请逐项裁定：", "Nothing was sent. Decide on:"),
    "unexplained_ruling": ("裁定需要写明理由", "Each decision needs a reason"),
    "unexplained_ruling_more": ("尚未提交。下列项目缺少理由：", "Nothing was sent. Say why for:"),
    "appeal_overtaken": ("情况刚刚有变化", "Something changed meanwhile"),
    "appeal_overtaken_more": (
        "复核或申诉已被别人更新，或期限已过。没有保存，也没有覆盖；请看过最新情况再提交。您填写的内容在下面。",
        "Somebody changed the review or the appeal, or the time ran out. Nothing was saved "
        "or overwritten: look at what "
        "is there now. What you entered is below.",
    ),
    "appeal_not_yours": ("这一步不由您处理", "This step is not yours"),
    "appeal_not_yours_more": (
        "只有该班组的班组长可以裁定；终审人不能是被申诉复核的复核人，也不能是裁定人。没有保存任何内容。",
        "Only the team's leader decides; who made the review or the decision cannot judge it "
        "finally. Nothing was saved.",
    ),
    "no_appeals_waiting": ("没有等您处理的申诉。", "No appeal waits for you."),
    "no_appeals_agent": (
        "对某通电话的结果有异议，请在那通电话的页面提出。",
        "To contest a result, open the call and appeal there.",
    ),
    "other_appeals": ("其他申诉（{n}）", "Other appeals ({n})"),
    # trust
    "trust_trusted": ("可采信", "reliable"),
    "trust_advisory": ("仅供参考", "advisory"),
    "trust_unproven": ("待验证", "unproven"),
    "trust_intro": (
        "可信度：人机一致率的区间下限达到 {share} 且 κ 不低于 {kappa} 的项目为“可采信”，"
        "否则标“仅供参考”，通话页的答案旁也会标出；"
        "不足 {few} 条的为“待验证”。有足够盲评时以盲评为准；可信度按全部通话计算。",
        "Trust: an item is reliable when the low end of the interval reaches {share} and κ is "
        "at least {kappa}; otherwise "
        "it is advisory, here and beside the answer on each call's page. Below {few} answers it is unproven. Blind "
        "answers decide where there are enough. Trust is over all calls.",
    ),
    "advisory_why": (
        "人机一致率 {share}（{n} 条），未达到标准",
        "machine and people agree on {share} of {n}: under the bar",
    ),
    "machine_people": ("人机（首次复核）", "Machine and first review"),
    "machine_blind": ("人机（盲评）", "Machine and blind"),
    "people_people": ("人与人（首次与二次）", "First and second review"),
    "many_people": ("多人（校准）", "Calibration"),
    "units": ("通话", "Calls"),
    "agreement_bias": (
        "申诉、预警带来的复核不是随机样本，一致率可能偏低。",
        "Reviews begun by flags or appeals are no random sample and may show less agreement.",
    ),
}
TEXTS = MappingProxyType(_TEXTS)
