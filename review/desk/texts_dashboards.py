"""Texts of the dashboards in both languages."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "dashboards": ("看板", "Dashboards"),
    "board_overview": ("总览", "Overview"),
    "board_items": ("评分项", "Items"),
    "board_people": ("班组与坐席", "Teams and agents"),
    "board_mix": ("场景与情绪", "Scenarios and feeling"),
    "board_kpi": ("经营指标", "Business figures"),
    "board_show": ("查看", "Show"),
    "step": ("按", "By"),
    "step_day": ("日", "day"),
    "step_week": ("周", "week"),
    "step_month": ("月", "month"),
    "span_shown": ("{since} 至 {until}", "{since} to {until}"),
    "figures_note": (
        "阴影和括号里是 95% 置信区间：真实水平有 95% 的把握落在其中，区间重叠的差异不宜下结论。"
        "不足 {few} 通标“样本少”。均值用 t 区间，比率用 Wilson 区间。",
        "Bands and brackets are 95% intervals: where they overlap, a difference may well be chance. Below {few} calls "
        "a figure is marked as resting on too few. Means: Student's t; rates: Wilson.",
    ),
    "no_figures": ("还没有可以统计的通话", "There are no figures yet"),
    "no_figures_more": (
        "质检过的通话会在几秒内计入看板。若已质检，请确认您的账号对应到了班组或坐席。",
        "Calls are counted here seconds after they are inspected. If there are some, see that your account names your "
        "team or agent.",
    ),
    "nothing_counted": (
        "所选范围内没有通话。请放宽日期或去掉筛选。",
        "No calls in what was chosen. Widen the dates or drop a filter.",
    ),
    "undated_calls": (
        "另有 {n} 通没有通话时间，未计入所选日期。",
        "{n} calls have no start time and are in no span of days.",
    ),
    "board_machine": (
        "以下数字按机器评分统计，不含人工改判：本期 {calls:,} 通中，{n:,} 通经人工复核。",
        "These figures count the machine's scores, not what people changed: of {calls:,} calls, {n:,} were reviewed.",
    ),
    "board_agreement": ("看人机一致率", "How far machine and people agree"),
    "mean_score": ("平均得分", "Mean score"),
    "pass_rate": ("合格率", "Pass rate"),
    "calls_counted": ("质检通话", "Calls inspected"),
    "hours_of_sound": ("录音 {n} 小时", "{n} h of recordings"),
    "n_scored": ("{n} 通有得分", "{n} scored"),
    "fatal_calls": ("致命项", "Fatal"),
    "flagged_calls": ("预警", "Flagged"),
    "of_calls": ("占 {share}", "{share} of calls"),
    "coverage": ("质检覆盖", "Coverage"),
    "coverage_all": ("已质检 / 全部收到的录音", "Inspected / all recordings given"),
    "coverage_failed": ("{n} 个录音未能质检", "{n} recordings could not be inspected"),
    "coverage_unscored": ("无得分（过短、缺一方等）", "Without a score (too short, one party missing)"),
    "coverage_open": ("机器留给人判断的答案", "Answers the machine left to people"),
    "coverage_reviewed": ("已人工复核", "Reviewed by people"),
    "early_warnings": ("早期预警", "Early warnings"),
    "warnings_intro": (
        "{week} 这一周，与此前 {weeks} 周相比，不符合率升高且难以用偶然解释的评分项。",
        "Items missed more often in the week of {week} than in the {weeks} weeks before, by more than chance explains.",
    ),
    "warnings_rule": (
        "规则：Fisher 精确检验（单侧），同时看了 {looked} 张控制图，界限按此收紧：平均每 {weeks} 周最多一次误报。"
        "周间波动大于偶然时先按倍数折减样本。当周不足 5 例或此前不足 20 例的不看。",
        "The rule: Fisher's exact test, one-sided, its limit divided by the {looked} charts looked at, so that all of "
        "them give at most one false alarm in {weeks} weeks on average. Where weeks vary by more than chance, cases "
        "count for less. Under 5 cases this week or 20 before there is no chart.",
    ),
    "no_warnings": ("没有超出控制界限的评分项。", "No item is out of control."),
    "no_charts": (
        "样本还不够画控制图：需要当周至少 5 例、此前至少 4 周共 20 例。",
        "Not enough cases for a control chart yet: 5 in the week, and 20 in at least 4 weeks before.",
    ),
    "warnings_behind": (
        "以上按 {at} 的数据，之后入库的通话正在统计。",
        "Counted at {at}; calls taken up since are being counted.",
    ),
    "more_warnings": ("还有 {n} 条，请按班组筛选。", "{n} more: filter by team."),
    "who": ("对象", "Who"),
    "this_week": ("本周不符合", "Missed this week"),
    "weeks_before": ("此前", "Before"),
    "by_chance": ("偶然概率", "By chance"),
    "period": ("时段", "Period"),
    "interval": ("95% 区间", "95% interval"),
    "calls_n": ("通数 n", "Calls n"),
    "as_table": ("表格", "As a table"),
    "met_share": ("符合率", "Met"),
    "met_intro": (
        "符合率 = 符合 ÷ 已判定（不适用、无法判定不计）。点评分项看走势。",
        "Met = met ÷ judged; not applicable and left to people do not count. Choose an item for its course.",
    ),
    "judged_n": ("判定数 n", "Judged n"),
    "by_period": ("各时段符合率", "Met by period"),
    "by_team": ("各班组符合率", "Met by team"),
    "heat_note": (
        "颜色越重符合率越低；灰字为样本少。",
        "The stronger the colour, the less often met; grey figures rest on too few.",
    ),
    "teams": ("班组", "Teams"),
    "agents": ("坐席", "Agents"),
    "no_team": ("未提供班组", "No team given"),
    "people_note": (
        "不做排名：默认按名称排列；也可按区间端点排列，它只反映有把握的差别，样本少的排在最后。竖线为整体均值。",
        "No league table: people stand by name, or by an end of their interval, which shows only what is sure; those "
        "with too few calls come last. The line marks the mean of all.",
    ),
    "order_by": ("排列", "Order"),
    "order_name": ("名称", "name"),
    "order_low": ("得分下限高者在前", "highest lower bound first"),
    "order_high": ("得分上限低者在前", "lowest upper bound first"),
    "most_agents": ("只列出前 {n} 名，可按班组筛选。", "The first {n} are listed; filter by team."),
    "list_all": ("列出全部 {n} 名", "List all {n}"),
    "scenario_mix": ("场景构成", "Scenario mix"),
    "share_of_calls": ("占比", "Share"),
    "feeling": ("客户情绪", "Customer's feeling"),
    "feeling_course": ("客户情绪走势", "Course of the customer's feeling"),
    "feeling_note": (
        "每通按时长五等分，取客户语句的平均情绪（正面概率减负面概率，-1 到 1），再对通话取平均。",
        "Each call is cut into five equal parts of time; a sentence's feeling is its probability of being positive "
        "less that of being negative (-1 to 1), averaged within the part, then over calls.",
    ),
    "no_feelings": ("这些通话没有保存情绪信号。", "No signals of feeling are kept of these calls."),
    "part_of_call": ("通话进程", "Part of the call"),
    "start_to_end": ("首段 → 末段", "First → last part"),
    "kpi": ("指标", "Figure"),
    "kpi_csat": ("满意度 CSAT", "CSAT"),
    "kpi_duration": ("平均处理时长 AHT（秒）", "AHT, average handling time (s)"),
    "kpi_hold": ("等待时长（秒）", "Hold (s)"),
    "kpi_transferred": ("转接率", "Transferred"),
    "kpi_mean": ("均值", "Mean"),
    "kpi_r": ("与得分的相关 r", "Correlation with the score, r"),
    "kpi_intro": (
        "只统计既有该指标又有得分的通话。相关不等于因果：投诉既影响满意度也影响得分，请看分场景的数字。",
        "Over calls that have both the figure and a score. Correlation is not cause: complaints lower both; see the "
        "scenarios apart.",
    ),
    "kpi_by_scenario": ("分场景的相关", "Correlation within scenarios"),
    "kpi_unclear": ("区间含 0：看不出关系", "interval holds 0: no relation shown"),
}
