"""Texts of the compliance pages and of the evidence pack's page."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "compliance": ("合规", "Compliance"),
    "compliance_intro": (
        "致命或有预警的通话自动立案；期限从进入质检队列起算，到期前需要作出处理结论。",
        "Every fatal or flagged call becomes a case by itself. Its time runs from the moment the call is taken into "
        "the queue; by the deadline somebody has to settle it.",
    ),
    "case": ("合规案件", "Case"),
    "case_number": ("案件 {n}", "Case {n}"),
    # figures
    "case_open_figure": ("未办结", "Unfinished"),
    "case_today_figure": ("今天到期", "Due today"),
    "case_overdue_figure": ("已逾期", "Overdue"),
    "case_done_figure": ("本月办结", "Done this month"),
    "case_kind": ("类别", "Kind"),
    "case_total": ("合计", "All"),
    "case_limit": ("期限", "Limit"),
    "case_hours": ("{n} 小时", "{n} h"),
    "case_by_item": ("未办结案件涉及的项目", "What unfinished cases were flagged for"),
    "case_change_limits": ("修改期限", "Change the limits"),
    "case_kind_fatal": ("致命", "Fatal"),
    "case_kind_high": ("预警·高", "Flag: high"),
    "case_kind_medium": ("预警·中", "Flag: medium"),
    "case_kind_low": ("预警·低", "Flag: low"),
    "case_kind_none": ("不再有预警", "no longer flagged"),
    # list
    "case_state": ("状态", "Status"),
    "case_state_unfinished": ("未办结", "Unfinished"),
    "case_state_overdue": ("已逾期", "Overdue"),
    "case_state_today": ("今天到期", "Due today"),
    "case_state_open": ("待处理", "Open"),
    "case_state_in_hand": ("处理中", "In hand"),
    "case_state_done": ("已办结", "Done"),
    "case_owner": ("负责人", "Responsible"),
    "case_nobody": ("无人负责", "Nobody yet"),
    "case_me": ("我", "Me"),
    "case_item": ("涉及项目", "Flagged for"),
    "case_order": ("排序", "Order"),
    "case_order_due": ("期限近的在前", "Earliest deadline first"),
    "case_order_latest": ("期限远的在前", "Latest deadline first"),
    "case_due": ("期限", "Deadline"),
    "n_cases": ("{n:,} 件", "{n:,} cases"),
    "many_cases": ("{n:,} 件以上", "more than {n:,} cases"),
    "case_left": ("还剩 {time}", "{time} left"),
    "case_late": ("逾期 {time}", "{time} overdue"),
    "case_days_hours": ("{days} 天 {hours} 小时", "{days} d {hours} h"),
    "case_hours_minutes": ("{hours} 小时 {minutes} 分", "{hours} h {minutes} min"),
    "case_none_found": ("没有符合条件的案件。", "No case matches."),
    "case_none": ("现在没有未办结的案件。", "There is no unfinished case."),
    "case_none_help": (
        "通话触发致命项或预警后会自动出现在这里，不需要手工登记。",
        "A call that misses a fatal item or raises a flag appears here by itself; nobody has to enter it.",
    ),
    # a case
    "case_back": ("合规案件", "Compliance"),
    "case_open_call": ("打开通话", "Open the call"),
    "case_flagged_for": ("立案原因", "What it was flagged for"),
    "case_first_kind": ("立案类别", "Opened as"),
    "case_opened": ("立案时间", "Opened"),
    "case_reviewed": ("人工复核", "Review"),
    "case_settle": ("处理", "Settle"),
    "case_status": ("状态", "Status"),
    "case_disposition": ("处理结论", "Disposition"),
    "case_disposition_confirmed": ("属实", "Confirmed"),
    "case_disposition_not_confirmed": ("不属实", "Not confirmed"),
    "case_disposition_coaching": ("属实，安排辅导", "Confirmed: coaching"),
    "case_disposition_remedied": ("属实，已补救客户", "Confirmed: put right with the customer"),
    "case_disposition_referred": ("移交其他部门", "Referred to another department"),
    "case_undecided": ("（未定）", "(not yet)"),
    "case_reason": ("理由或说明", "Reason or note"),
    "case_reason_hint": ("依据、经过、移交给谁……", "What it rests on, what was done, to whom it went …"),
    "case_extend": ("延期", "Extend"),
    "case_extend_none": ("不延期", "No"),
    "case_extend_by": ("{n} 小时", "by {n} h"),
    "case_save": ("保存", "Save"),
    "case_take": ("由我处理", "I take it"),
    "case_read_only": (
        "只有合规人员和负责人可以修改这个案件。",
        "Only compliance and the person responsible may change this case.",
    ),
    "case_trail": ("案件记录", "Trail"),
    "case_action_opened": ("自动立案", "opened by itself"),
    "case_action_rejudged": ("通话重新评分", "the call was judged anew"),
    "case_action_changed": ("修改", "changed"),
    "case_now": ("现为：", "now:"),
    "case_quotes": ("证据", "Evidence"),
    "case_not_saved": ("没有保存", "Not saved"),
    "case_unknown": ("表单内容无法识别。", "The form was not understood."),
    "case_owner_unseeing": (
        "所选责任人无权查看这通电话（不是其班组的通话），请另选。",
        "The person chosen may not see this call, as it is not of their team: choose somebody else.",
    ),
    "case_no_disposition": ("办结需要选择处理结论。", "A case that is done needs a disposition."),
    "case_early_disposition": (
        "有了处理结论，状态应为“已办结”。",
        "With a disposition the status must be Done.",
    ),
    "case_no_owner": ("处理中的案件需要负责人。", "A case in hand needs somebody responsible."),
    "case_no_reason": (
        "处理结论、重新打开和延期都需要写明理由。",
        "A disposition, reopening and more time each need a reason.",
    ),
    "case_overtaken": ("这个案件刚刚有了新的变化", "This case was changed meanwhile"),
    "case_overtaken_more": (
        "您的修改没有保存，对方的也没有被覆盖。最新情况见记录，您填写的内容还在表单里：核对后再保存。",
        "Yours was not saved, and theirs is as they left it. The trail shows the newest state; what you entered is "
        "still in the form: check it, then save again if you still want to.",
    ),
    # limits
    "limits": ("案件期限", "Limits of cases"),
    "limits_intro": (
        "立案时按类别计算期限。修改后只影响之后的案件，已有案件的期限不变；修改会记入审计日志。",
        "A case gets its deadline by kind when it opens. A change holds for cases that open from then on, never for "
        "those that are open; it is recorded in the audit log.",
    ),
    "limits_hours": ("小时", "Hours"),
    "limits_clause": ("依据条款", "Clause"),
    "limits_standard": ("规范默认", "as the standards have it"),
    "limits_wrong": (
        "请填写 1 到 {most} 之间的小时数和依据条款。",
        "Give 1 to {most} hours and the clause that says so.",
    ),
    # evidence pack
    "pack": ("证据包", "Evidence pack"),
    "pack_intro": (
        "ZIP 文件：PDF 报告、每条证据前后的录音、转写文本、所涉条款、答案与算分、复核与案件记录、审计摘录，"
        "以及每个文件的 sha256 清单。第三方用 sha256sum -c SHA256SUMS 即可核对。",
        "A ZIP: report as PDF, the sound around each piece of evidence, transcript, the clauses concerned, answers "
        "with their arithmetic, reviews and the case's trail, an audit extract, and the sha256 of every file. Anybody "
        "can check it with sha256sum -c SHA256SUMS.",
    ),
    "pack_masked": (
        "号码和邮箱遮盖，录音中相应的位置静音；姓名、地址不遮盖。",
        "Numbers and mail addresses are covered and silenced in the sound; names and addresses are not.",
    ),
    "pack_language": ("报告语言", "Language of the report"),
    "pack_whole": ("附上整通录音", "Add the whole recording"),
    "pack_unmasked": ("不遮盖客户信息", "Leave personal data as it was said"),
    "pack_reason": ("导出理由", "Why it is exported"),
    "pack_reason_hint": (
        "不遮盖时必填；理由记入审计日志和证据包",
        "Required if unmasked; goes to the audit log and into the pack",
    ),
    "pack_make": ("生成并下载", "Make and download"),
    "pack_busy": ("生成通常需要几秒。", "Making it takes some seconds."),
    "pack_no_reason": (
        "导出未遮盖的客户信息需要写明理由；没有生成任何文件。",
        "Unmasked personal data needs a reason. Nothing was made.",
    ),
    "pack_waiting": (
        "别人的证据包正在生成，请稍后再试。",
        "Somebody else's pack is being made: try again in a moment.",
    ),
}
