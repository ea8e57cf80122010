"""Texts of the work on the queue, in both languages: sampling, claims, saved views."""

from __future__ import annotations

SAMPLING: dict[str, tuple[str, str]] = {
    # queue: filters, order, views
    "order": ("排序", "Order"),
    "order_urgency": ("预警优先", "Flagged first"),
    "order_newest": ("最新在前", "Newest first"),
    "order_oldest": ("最早在前", "Oldest first"),
    "order_lowest": ("低分在前", "Lowest score first"),
    "drawn": ("抽检", "Sampling"),
    "drawn_any": ("已抽中", "Drawn"),
    "drawn_none": ("未抽中", "Not drawn"),
    "random_call": ("随机抽检", "Sampled"),
    "targeted_call": ("定向抽检", "Targeted"),
    "of_draw": ("第 {n} 次抽检抽中的通话", "Calls of draw {n}"),
    "holder": ("处理人", "In hand"),
    "holder_me": ("我的", "Mine"),
    "holder_nobody": ("无人领取", "Unassigned"),
    "holder_somebody": ("已有人处理", "In somebody's hands"),
    "unjudged_from": ("机器未判 ≥ %", "Left to people ≥ %"),
    "views": ("视图", "Views"),
    "view_all": ("全部通话", "All calls"),
    "view_name": ("视图名称", "Name of the view"),
    "view_save": ("把当前筛选存为视图", "Save these filters as a view"),
    "view_shared": ("共享给同事", "Share with colleagues"),
    "view_by": ("{name} 共享", "shared by {name}"),
    "view_drop": ("删除视图", "Delete view"),
    "save": ("保存", "Save"),
    # queue: hands
    "claim_next": ("领取下一通", "Claim next"),
    "claim": ("领取", "Claim"),
    "release": ("释放", "Release"),
    "give_out": ("分配", "Assign"),
    "in_hand_of": ("{name} 处理中", "{name}"),
    "in_my_hands": ("我在处理", "Mine"),
    "selected": ("已选", "Selected"),
    "select_call": ("选择这通电话", "Select this call"),
    "assign_to": ("分配给", "Assign to"),
    "assign_selected": ("分配所选", "Assign selected"),
    "claim_selected": ("领取所选", "Claim selected"),
    "release_selected": ("释放所选", "Release selected"),
    "assign_first": ("分配当前列表最前的", "Assign the first of this list:"),
    "assign_first_help": (
        "只取无人领取且待复核的通话，最多 {most} 通。",
        "Takes only calls that nobody has and nobody has reviewed, {most} at most.",
    ),
    "assign_over": ("别人手里的也改派", "Also take them from others"),
    "assigned_n": ("已把 {n} 通分配给 {name}。", "{n} calls assigned to {name}."),
    "claimed_n": ("已领取 {n} 通。", "{n} calls claimed."),
    "left_n": ("{n} 通在别人手里，没有改动。", "{n} are in others' hands and were left there."),
    "released_n": ("已释放 {n} 通。", "{n} calls released."),
    "undo": ("撤销分配", "Undo"),
    "no_free_call": (
        "当前筛选下没有可领取的通话：都已复核，或在别人手里。",
        "There is no call to claim in this list: all are reviewed or in somebody's hands.",
    ),
    "no_call_ticked": ("没有选择任何通话。", "No call was selected."),
    "no_such_reviewer": ("请选择分配给谁。", "Choose whom to assign them to."),
    "too_many_views": ("视图太多，请先删除一些。", "You have too many views: delete some first."),
    "taken": ("这通电话已被领取", "Somebody else has this call"),
    "taken_more": (
        "您没有领取到。仍可打开查看；若同时复核，先保存的一方有效，后保存的一方会得到提示。",
        "It was not claimed for you. You may still open it; if both of you review it, the later one is told.",
    ),
    "taken_by": ("{name} 正在处理", "{name} has it"),
    "until_time": ("到期自动释放：{time}", "lapses at {time}"),
    "assigned_by": ("由 {name} 分配", "assigned by {name}"),
    "open_anyway": ("打开通话", "Open the call"),
    "no_holder": ("无人领取", "Nobody has this call"),
    "drawn_in": ("抽中", "Drawn in"),
    "probability": ("入样概率", "Probability"),
    # keys of the queue
    "key_move": ("下移、上移", "down, up"),
    "key_open": ("打开通话", "open the call"),
    "key_select": ("选中或取消", "select or not"),
    "key_claim": ("领取", "claim"),
    "key_claim_next": ("领取下一通并打开", "claim the next call and open it"),
    "key_search": ("搜索", "search"),
    "queue_keys_more": ("x 选择，c 领取，? 快捷键", "x to select, c to claim, ? for all keys"),
    # sampling
    "sampling": ("抽检", "Sampling"),
    "sampling_intro": (
        "随机抽检的结果可以推断全部通话，定向抽检只说明抽中的通话，两者始终分开统计。每次抽检的总体、"
        "种子和结果都完整留存，"
        "可以重演核对。",
        "Random draws speak for all calls, targeted ones only for the calls drawn: the two are always kept apart. The "
        "population, seed and result of each draw are kept whole, so that it can be done again and checked.",
    ),
    "plans": ("抽检计划", "Plans"),
    "draws": ("抽检记录", "Draws"),
    "draw_of_plan": ("本计划的抽检记录", "Draws by this plan"),
    "new_plan": ("新建计划", "New plan"),
    "new_plan_here": ("按当前筛选新建抽检计划", "Sampling plan from these filters"),
    "no_plans": ("还没有抽检计划。", "There is no sampling plan yet."),
    "no_plans_more": (
        "计划规定每名坐席每周抽几通、怎样分层、风险高的通话加多少权重；之后按周抽取，抽中的通话会在质检队列里标出。",
        "A plan says how many calls of each agent a week, over which strata, and how much likelier risky ones "
        "are. Then "
        "draw week by week: the calls drawn are marked in the queue.",
    ),
    "no_draws": ("还没有抽取过。", "Nothing has been drawn yet."),
    "plan_name": ("计划名称", "Name"),
    "plan_name_hint": ("例如：每周常规抽检", "For example: weekly routine"),
    "plan_mode": ("方式", "Kind"),
    "plan_retired": ("本计划已停用，不能再抽取。", "This plan is retired: nobody draws by it any more."),
    "retired": ("已停用", "Retired"),
    "retire": ("停用计划", "Retire plan"),
    "copy_plan": ("以此为模板新建", "New plan like this"),
    "made_by": ("制定人", "Made by"),
    "drawn_n_times": ("抽取 {n} 次", "drawn by {n}×"),
    "last_covered": ("已覆盖至", "covered up to"),
    "mode_random_help": (
        "按概率抽取，可以推断全部通话（监控体系建设方案 二(二)2：录音随机抽查）。",
        "By chance, so that it speaks for all calls (监控体系建设方案 二(二)2, random checks of recordings).",
    ),
    "mode_targeted_help": (
        "每名坐席取风险最高的几通，用于发现问题，不计入推断（同条：定向抽查）。",
        "The riskiest calls of each agent: finds trouble, says nothing of other calls (same clause, targeted checks).",
    ),
    "how_many": ("抽多少", "How many"),
    "per_agent": ("每名坐席每周（通）", "Of each agent a week"),
    "per_agent_help": (
        "默认 1 通：服务流程规范方案 三(一)2(1)“每周进行一次服务流程检查”。标准没有规定更多，请按人力提高。",
        "1 by default: 服务流程规范方案 三(一)2(1), one check of the service process a week. The standard asks for no "
        "more; raise it as your people can listen.",
    ),
    "share_of": ("或占当周通话的（%）", "Or this share of the week's (%)"),
    "share_help": ("两者取多；0 表示不用比例。", "Whichever is more; 0: no share."),
    "new_agent": ("新坐席每周（通）", "Of a new agent a week"),
    "new_agent_help": (
        "默认 3 通：客户服务流程与规范指南 1.4 培训须涵盖“至少3个以上的服务场景”，每个场景至少听 1 通。",
        "3 by default: 客户服务流程与规范指南 1.4 has people trained in at least 3 scenarios; listen to one of each.",
    ),
    "new_days": ("首通电话后多少天内算新坐席", "New within so many days of the first call"),
    "new_days_help": (
        "默认 30 天：到第一次月度复盘为止（服务流程规范方案 三(一)2(2)）。以台账中的首通电话为准；"
        "台账本身不足这么长时不认定新坐席。",
        "30 by default: until the first monthly review (服务流程规范方案 三(一)2(2)). The first call in the "
        "ledger counts; "
        "where the ledger itself does not reach back so far, nobody is taken for new.",
    ),
    "strata": ("分层", "Strata"),
    "by_scenario": ("按业务场景", "By scenario"),
    "edges": ("分数段界限", "Borders of score bands"),
    "edges_help": (
        "默认 70、80、90，即评分表的等级线；留空则不按分数分层。",
        "70, 80, 90 by default, the grades of the form; empty: not by score.",
    ),
    "risk": ("风险加权", "Risk weights"),
    "risk_help": (
        "每通基础权重 1，再加下列各项；权重 3 的通话抽中机会是权重 1 的 3 倍，统计时按概率还原，不会偏。依据："
        "服务流程规范方案 "
        "三(一)2(1)“覆盖关键节点和风险点”；数值由各中心自定。",
        "Each call has a weight of 1, and more for these. A weight of 3 is three times as likely to be drawn; figures "
        "are weighted back, so nothing is skewed. After 服务流程规范方案 三(一)2(1), cover key points and risks; the "
        "numbers are yours to set.",
    ),
    "flag_weight": ("有预警", "Has a flag"),
    "low_weight": ("低分", "Low score"),
    "low_below": ("低分指低于", "Low is under"),
    "unsure_weight": ("机器未判（乘以占比）", "Left to people (times their share)"),
    "population_filters": ("总体范围", "Population"),
    "population_help": (
        "不填即全部通话；日期在抽取时选择。",
        "Empty: all calls. The days are chosen when you draw.",
    ),
    "make_plan": ("保存计划", "Save plan"),
    "plan_stays": (
        "计划保存后不可修改（便于审计）；要调整，请新建一个并停用旧的。",
        "A saved plan never changes, so that it can be audited. To adjust it, make another and retire this one.",
    ),
    "entered_wrong": ("请检查：", "Please check: "),
    "draw_period": ("时间范围", "Period"),
    "count_first": ("先算一算", "Count first"),
    "draw_now": ("正式抽取", "Draw"),
    "seed": ("种子", "Seed"),
    "seed_help": (
        "留空则由系统随机生成。也可以填事先约定的值（如当天开奖号码），让任何人都无法挑选结果。",
        "Empty: made at random. You may enter one agreed upon beforehand, as a lottery's numbers of the day, so that "
        "nobody could have chosen the result.",
    ),
    "seed_was_given": ("由抽取人指定", "given by the person who drew"),
    "seed_was_made": ("系统随机生成", "made at random"),
    "population_n": ("总体", "Population"),
    "outside_n": ("未计入（坐席或时间不详）", "Left out (agent or time unknown)"),
    "agents_n": ("坐席", "Agents"),
    "new_agents_n": ("其中新坐席", "New among them"),
    "to_draw": ("将抽取", "To draw"),
    "drawn_n": ("抽中", "Drawn"),
    "sound_hours": ("约 {n:.1f} 小时录音", "some {n:.1f} hours of sound"),
    "margin": ("精度", "Precision"),
    "margin_n": ("±{n:.1f} 个百分点", "±{n:.1f} points"),
    "margin_help": (
        "整体占比在 50% 附近时的 95% 区间半宽，按等概率估算；单个坐席的样本通常不足以下结论。",
        "Half the 95% interval of a share near 50% over all calls, as if all were equally likely. One agent's few "
        "calls "
        "are hardly ever enough to conclude from.",
    ),
    "wrong_period": ("请选择开始和结束日期。", "Choose the first and the last day."),
    "drawn_before": (
        "这些日期里有的已经按本计划抽过，不能重抽（否则可以挑选结果）。",
        "Some of these days have been drawn by this plan already. Nobody draws twice: results could be chosen.",
    ),
    "see_that_draw": ("查看那次抽取", "See that draw"),
    "nothing_to_draw": ("这段时间没有可抽的通话。", "There are no calls to draw in this period."),
    "too_much_to_draw": (
        "要抽的太多（超过 2 万通），请缩短时间或减少数量。",
        "Too many calls (over 20,000): shorten the period or take fewer.",
    ),
    "draw_number": ("第 {n} 次抽检", "Draw {n}"),
    "drawn_at": ("抽取时间", "Drawn at"),
    "drawn_by": ("抽取人", "Drawn by"),
    "progress": ("复核进度", "Reviewed"),
    "open_in_queue": ("在队列中打开", "Open in the queue"),
    "replay": ("重演核对", "Replay"),
    "download_calls": ("下载抽中名单（CSV）", "Calls drawn (CSV)"),
    "download_population": ("下载总体（JSON）", "Population (JSON)"),
    "stratum": ("层", "Stratum"),
    "any_scenario": ("全部场景", "All scenarios"),
    "no_scenario": ("场景不详", "Scenario unknown"),
    "band": ("{band} 分", "{band}"),
    "no_band": ("未评分", "not scored"),
    "draw_due": ("应抽", "Due"),
    "due_help": (
        "“应抽”是各通入样概率之和。每名坐席只抽几通，不可能每层都有；抽取时在各层间均匀取点，使各层合计接近应抽数。",
        "What is due is the sum of probabilities. A few calls of an agent cannot lie in every stratum; points are "
        "spread "
        "evenly over them, so that all agents together come close.",
    ),
    "weight": ("权重", "Weight"),
    "week": ("周", "Week"),
    "first_calls": ("以下为前 {n} 通，全部见队列。", "The first {n}; the queue has all."),
    "mean_scores": ("平均分", "Mean scores"),
    "mean_machine_drawn": ("机器（全部抽中）", "Machine, all drawn"),
    "mean_machine_reviewed": ("机器（已复核）", "Machine, reviewed"),
    "mean_human": ("人工（已复核）", "People, reviewed"),
    "mean_weighted": (
        "已按入样概率还原，可推断总体；复核完成之前，已复核的部分未必有代表性。",
        "Weighted back by probability, so they speak of the population; before all are reviewed, those that are may "
        "not stand for the rest.",
    ),
    "mean_targeted": ("定向抽检：只说明这些通话，不能推断其他。", "Targeted: of these calls only, not of others."),
    "not_weighted": ("按风险选取，无概率", "chosen by risk, no probability"),
    "replay_held": ("核对一致：同样的总体和种子得到同样的抽检结果", "It holds: same population, same seed, same draw"),
    "replay_broken": ("核对不一致：记录或结果被改动过", "It does not hold: something was changed"),
    "replay_how": (
        "用留存的总体和种子重新计算，并与抽取时写入审计日志的哈希值比对。审计日志逐行链接，可用 callqa audit "
        "verify 整体核验。",
        "Computed anew from the kept population and seed, and compared with the hashes that went into the audit "
        "log when "
        "it was drawn. The log is chained line by line; callqa audit verify checks all of it.",
    ),
    "check_frame": ("留存的总体未被改动", "The population is as it was kept"),
    "check_log": ("与审计日志第 {n} 行一致", "It agrees with line {n} of the audit log"),
    "check_population": ("总体数量一致", "The population has as many calls"),
    "check_calls": (
        "重新抽取得到同样的通话、分层和概率",
        "Drawing again gives the same calls, strata and probabilities",
    ),
    "check_strata": ("各层数量一致（抽中/总体）", "Each stratum has as many (drawn/population)"),
    "check": ("核对项", "Check"),
    "recorded": ("记录", "Recorded"),
    "found_now": ("重演", "Replayed"),
    "held": ("一致", "holds"),
    "broken": ("不一致", "differs"),
    "replay_missing": ("当时抽中、重演未抽中：{n} 通", "Drawn then but not now: {n}"),
    "replay_extra": ("重演抽中、当时未抽中：{n} 通", "Drawn now but not then: {n}"),
    "replay_now": (
        "当时总体中的 {n:,} 通里，{now:,} 通仍在台账中。",
        "Of the {n:,} calls of the population then, {now:,} are in the ledger now.",
    ),
    "replay_method": ("如何在别处重算", "How to do it elsewhere"),
    "replay_method_more": (
        "下载总体文件：每行是一名坐席一周的通话 [坐席, 周, 应抽数, [[sha256, 层, 权重], …]]。每个随机数是 "
        "SHA-256(JSON) 的前 53 位："
        "起点用 [种子,\"start\",坐席,周]，层的次序用 [种子,\"stratum\",坐席,周,层]，层内次序用 [种子,\"call\",sha256]。"
        "按权重首尾相接，以总长除以应抽数为步长等距取点（Madow 1949）；权重大到必中的先抽出。",
        "Fetch the population: each line is an agent's week [agent, week, wanted, [[sha256, stratum, weight], "
        "…]]. Each "
        "random number is the first 53 bits of SHA-256 over JSON: [seed,\"start\",agent,week] for the start, "
        "[seed,\"stratum\",agent,week,stratum] and [seed,\"call\",sha256] for the order. Calls are laid end to end by "
        "weight and taken at even steps of the total over the number wanted (Madow 1949); calls so heavy that they are "
        "certain are taken first.",
    ),
}  # fmt: skip
