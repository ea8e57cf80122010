"""What a step must name: a time limit, an agent number, a name, the company, an amount.

Numbers count in digits and in words, because a transcript may hold either (models.normalise decides).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from scoring.sounds import contains


class SlotKind(StrEnum):
    """Kinds of things a script may require a step to name."""

    TIME_LIMIT = "time_limit"  # 时限
    AGENT_NUMBER = "agent_number"  # 工号
    NAME = "name"  # 姓名
    COMPANY = "company"  # 公司名称
    AMOUNT = "amount"  # 金额
    WORDS = "words"  # configured wordings


_N = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万半几]+)"
_DIGITS = r"[\d零〇幺腰一二三四五六七八九][\d零〇幺腰一二三四五六七八九\s-]*[\d零〇幺腰一二三四五六七八九]"
# 工 and 号 as recognisers spell them; 工作日 likewise.
_GONG, _HAO, _ZUO = "[工公功供攻弓恭宫]", "[号好浩耗]", "[作做坐座]"
_N_EN = (
    r"(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|"
    r"thirty|forty|sixty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|to|or|\d+))*"
)
_UNIT_EN = (
    r"(?:(?:business|working|calendar|full)\s+)?(?:seconds?|minutes?|mins?|hours?|ours|hrs?|days?|weeks?|months?)\b"
)
_DAY_EN = (
    r"(?:today|tonight|tomorrow|noon|midnight|lunch\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+(?:st|nd|rd|th))"
)
_DIGIT_EN = r"(?:\d|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_PROPER = r"[A-Z][\w'&-]*(?:\s+(?:and\s+|&\s+|of\s+)?[A-Z][\w'&-]*)*"
_TRADE_ZH = (
    "客服|公司|银行|热线|中心|商城|平台|旗舰店|电信|移动|联通|宽带|燃气|供电|自来水|水务|物业|酒店|航空|保险|售后|"
    "服务台|营业厅|医院|政务|快递|物流|家电|旅行社|证券|基金|学校|专线"
)
_TRADE_EN = (
    r"(?:support|bank(?:ing)?|insurance|energy|water|gas|power|telecom|mobile|broadband|airlines?|airways|hotels?|"
    r"customer\s+(?:care|services?)|help\s?(?:desk|line)|hotline|council|services?|appliances?|travel|courier)"
)
_PATTERNS: dict[tuple[SlotKind, str], tuple[str, ...]] = {
    (SlotKind.TIME_LIMIT, "zh"): (
        rf"(?<![这那前过近哪]){_N}\s*(?:到|至|-)?{_N}?\s*个?(?:{_GONG}{_ZUO}日|小时|钟头|分钟|天|星期|礼拜|周|个?月)(?:之内|以内|内|左右)?",
        rf"{_N}(?:日|号)(?:之前|以前|前|之内|内)",
        r"(?:今天|明天|后天|今晚|明早|当天|本周|这周|下周|月底|年底|下班|周[一二三四五六日末]|星期[一二三四五六日天])"
        r"(?:[一二三四五六日]|上午|下午|中午|晚上|早上|晚些)?(?:之前|以前|前|内|上午|下午|中午|晚上|\d+点|[一二三四五六七八九十]+点)?",
    ),
    (SlotKind.TIME_LIMIT, "en"): (
        rf"(?<!last )(?<!past )\b{_N_EN}[\s-]+{_UNIT_EN}",
        r"\b(?:by|before|until|on|no later than)\s+"
        rf"(?:(?:the\s+)?(?:end|close)\s+of\s+\w+|(?:this|next|early|late)?\s*{_DAY_EN}|\d)",
        rf"\b{_DAY_EN}\b|\b(?:this|next)\s+(?:morning|afternoon|evening|week|month)\b",
        r"\b(?:end|close) of (?:business|day|play)\b",
    ),
    (SlotKind.AGENT_NUMBER, "zh"): (
        rf"{_GONG}{_HAO}(?:是|为|就是|尾号)?\s*{_DIGITS}",
        rf"(?:编号|坐席号?|客服|专员|座席|话务员)(?:编号|是|为)?\s*{_DIGITS}",
        rf"{_DIGITS}\s*{_HAO}?(?:客服|坐席|座席|话务员|专员|接线员|客户代表|服务员|为您服务)",
        rf"我是\s*{_DIGITS}|{_DIGITS}\s*{_HAO}(?![楼房线街院段])",
    ),
    (SlotKind.AGENT_NUMBER, "en"): (
        rf"\b(?:agent|badge|employee|operator|adviser|advisor|staff|desk|my|id)(?:\s+(?:id|number|code))*(?:\s+is|'s)?[\s,:]+"
        rf"(?:number\s+)?{_DIGIT_EN}(?:[\s-]*{_DIGIT_EN})+",
        rf"\bnumber(?:\s+is)?\s+{_DIGIT_EN}(?:[\s-]*{_DIGIT_EN})+",
    ),
    (SlotKind.NAME, "zh"): (
        r"我(?:叫|是小|姓)[一-鿿]{1,3}",
        r"(?:我是|姓名是?|名字是?|全名是?)(?!不是|您|你|说|这|那)[一-鿿]{2,3}(?=[，。,.\s]|$)",
        r"(?:客服|专员|顾问|经理)(?:小[一-鿿]|[一-鿿]{2,3})(?=[，。,.\s]|为您|$)",
    ),
    (SlotKind.NAME, "en"): (
        r"(?i:\b(?:my name is|my name's|name's|this is|i'm|i am|(?:talking|speaking) (?:to|with)|it's|you've got))"
        rf"\s+{_PROPER}",
        r"\b[A-Z][a-z]+\s+(?:speaking|here)\b",
    ),
    (SlotKind.COMPANY, "zh"): (
        rf"[一-鿿A-Za-z]{{2,10}}?(?:{_TRADE_ZH})",
        r"\b12\d{3}\b|一二三[一二三四五六七八九零]{2}",
    ),
    (SlotKind.COMPANY, "en"): (
        r"(?i:\b(?:calling|called|reached|through to|welcome to|here at|from|with|at|contacting|phoning))"
        rf"\s+(?:the\s+)?{_PROPER}",
        rf"(?<!speaking )(?<!talking )(?i:\bto)\s+{_PROPER}",
        r"^(?i:good \w+|\w+)(?i: there| to you)?[,.!]?\s+(?!(?i:this|thank|my|you|i|how|it)\b)"
        rf"{_PROPER}\b(?!\s+(?:speaking|here)\b)",
        rf"\b{_PROPER}\s+(?i:{_TRADE_EN})\b",
        rf"(?i:\b(?:calling|reached|through to|welcome to|here at|from|with))\s+(?:\w+\s+){{0,3}}?(?i:{_TRADE_EN})\b",
    ),
    (SlotKind.AMOUNT, "zh"): (rf"{_N}\s*(?:元|块钱?|角|毛钱|分钱|万元?|美元|港币)",),
    (SlotKind.AMOUNT, "en"): (
        r"[$£€¥]\s?\d[\d,]*(?:\.\d+)?",
        rf"\b(?:\d[\d,]*(?:\.\d+)?|{_N_EN}|(?:\w+\s)?hundred|(?:\w+\s)?thousand)\s+(?:dollars?|pounds?|euros?|yuan|rmb|cents?|pence|quid|bucks)\b",
    ),
}  # fmt: skip
_CASED = {SlotKind.NAME, SlotKind.COMPANY}  # capitals tell a name


@lru_cache(maxsize=32)
def _compiled(kind: SlotKind, language: str) -> tuple[re.Pattern[str], ...]:
    flags = re.NOFLAG if kind in _CASED else re.IGNORECASE
    return tuple(re.compile(p, flags) for p in _PATTERNS.get((kind, language), ()))


def find_slot(text: str, kind: SlotKind, language: str, names: tuple[str, ...] = ()) -> str | None:
    """What a text names of a kind, as said, or None. `names`: configured ones, of which one must be heard."""
    if names:
        return next((n for n in names if contains(text, n)), None)
    for pattern in _compiled(kind, language):
        found = pattern.search(text)
        if found:
            return found[0].strip()
    return None
