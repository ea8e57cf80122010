"""Spoken Mandarin numbers as a person writes them down.

House style, after GB/T 15835-2011 (general rules for writing numerals): digits for measures and codes (4.1: amounts,
percentages, dates, times, limits, phone and order numbers), characters for approximations (4.2.2: 两三天, 十几个) and
for set words (4.2.3: 万一, 三心二意). Counts below ten stay in characters (三次) unless they are a limit or a price;
一天 and 两天 are mostly vague and become digits only in a limit (两天内). A price that leaves out its last unit becomes
元 with decimals (三百五十二块五 -> 352.5元): bills say it so. What can be read in two ways (三百一个月) is left alone.

Libraries: wetext 0.1.8 (46 MB of grammars and a compiled runtime, 3.5 ms a sentence) writes 24h内, 10/263:30p.m. and
10分抱歉; cn2an 0.5.24 writes 1点也不, 3心2意, 4川. Neither tells which characters a number came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from models.numerals import READ_OUT, SPOKEN, cardinal, digits, in_digits, plain
from models.rewriting import Edit

Write = Callable[[re.Match[str]], str | None]

_C, _D = f"[{SPOKEN}]", f"[{READ_OUT}]"
_BEGIN = rf"(?<![{SPOKEN}\d.点第初])"
_N = rf"(?:\d+|(?!幺){_C}+)"
_X = rf"{_N}(?:点{_D}+|\.\d+)?"
_MEASURE = (
    "个位次天年月日号名人条张件台部套家项种份页层楼米里斤克吨倍期笔本辆只瓶箱盒袋双把支封块元毛角岁分秒点度折周兆G"
)
_END = r"(?=$|[，。？！、,.?!;；：:\s的吧了吗呢啊呀哦嘛左右多还就是也都每])"
CUES = (
    r"(?:电话|手机|座机|热线|联系方式|尾号|后[三四五六3456]位数?|工号|单号|订单|编号|流水号|账号|帐号|卡号|户号|身份证|证件号|"
    r"验证码|密码|邮编|合同号|分机|序列号|车牌|会员号|号码)号?码?"
)
# Set words that hold a number's characters. Those whose characters make no number (三心二意) need no mention.
_FIXED = re.compile(
    r"(?<=双)十[一二]|(?<!点)十分(?![钟之])|十一(?=长假|黄金周|假期|放假|国庆)|二百五(?![十块元万])|三百六十行|三十六计|七十二变|二十四节气|三十而立|"
    r"十八般|十万火急|十万八千里|五十步笑百步|一千零一夜|七七八八|九九归一|一三五|二四六|三天两头|三天打鱼|三天三夜|三天两夜|"
    r"一点一点|一点半点|百分之几|三年五载|一日三餐|十年如一日|十天半个?月|一年到头|十月怀胎|五四三"
)
_DAYTIME = (
    "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|今晚|明早|今早|昨晚|明晚|当晚|今天|明天|后天|昨天|当天|每天|"
    "[号日]|点[半钟]?[到至]"
)
_STRICT_DAYTIME = "凌晨|早上|早晨|上午|中午|下午|晚上|夜里|半夜|今晚|明早|今早|昨晚|明晚"


def spoken(text: str, keep: Iterable[tuple[int, int]] = ()) -> list[Edit]:
    """Edits that write the numbers of a text in digits. keep: stretches that must stay, such as names."""
    if not _ANY.search(text):
        return []
    taken = list(keep) + [m.span() for m in _FIXED.finditer(text) if not _within_number(text, m)]
    edits = []
    for pattern, write in RULES:
        for m in pattern.finditer(text):
            start, end = m.span("it") if "it" in pattern.groupindex else m.span()
            if any(start < b and a < end for a, b in taken):
                continue
            new = write(m)
            if new is not None:
                taken.append((start, end))
                edits.append(Edit(start, end, new))
    return sorted(edits)


_ANY = re.compile(rf"[{SPOKEN}块]")


def _within_number(text: str, m: re.Match[str]) -> bool:
    """Whether the characters are part of a longer number: 二百五 in 一千二百五, 一三五 in 一三五零."""
    before, after = text[: m.start()][-1:], text[m.end() : m.end() + 1]
    return (before in tuple(SPOKEN) and m[0][0] in SPOKEN) or (after in tuple(SPOKEN) and m[0][-1] in SPOKEN)


def _percent(m: re.Match[str]) -> str | None:
    sign = "%" if m["of"] == "百" else "‰"
    value, top = "100" if m["n"] == "百" else plain(m["n"]), plain(m["top"]) if m["top"] else None
    if value is None or (m["top"] and top is None):
        return None
    return f"{value}{sign}{m['to']}{top}{sign}" if top else value + sign


def _price(m: re.Match[str]) -> str | None:
    """三百五十二块五, 三十八块八毛八, 五元三角, 三块零五分: in 元."""
    whole = plain(m["n"])
    if whole is None or not whole.isdigit():
        return None
    tenths, cents = m["tenths"], m.groupdict().get("cents") or ""
    return f"{whole}.{digits(tenths)}{digits(cents)}元".replace("两", "2")


def _year(m: re.Match[str]) -> str | None:
    return digits(m["it"]) + "年"


def _month(m: re.Match[str]) -> str | None:
    month, day = plain(m["month"]), plain(m["day"]) if m["day"] else None
    if not month or not _in(month, 1, 12) or (m["day"] and not _in(day, 1, 31)):
        return None
    return f"{month}月{day}{m['sign']}" if day else f"{month}月"


def _time(m: re.Match[str]) -> str | None:
    hour = plain(m["hour"])
    if not _in(hour, 0, 24):
        return None
    minutes = m.groupdict().get("minutes")
    if not minutes:
        return f"{hour}点"
    number = plain(minutes.lstrip("零〇")) if len(minutes) > 1 else plain(minutes)
    if not number or not _in(number, 0, 59):
        return None
    return f"{hour}点{'0' * (minutes[0] in '零〇' and len(minutes) > 1)}{number}"


def _in(text: str | None, low: int, high: int) -> bool:
    return text is not None and text.isdigit() and low <= int(text) <= high


def _code(m: re.Match[str]) -> str | None:
    """Three or more digits read one by one; next to ASCII digits only where no word can begin (5一起 stays)."""
    run = m["it"]
    parts = re.findall(rf"{_D}+", run)
    if re.search(r"\d", run) and not all(len(p) >= 3 or set(p) <= set("零〇幺") for p in parts):
        return None
    values = [int(d) for d in digits(run)]
    upward = all(b - a == 1 for a, b in pairwise(values))
    if upward and len(run) <= 4 and m.string[m.end() : m.end() + 1] in tuple(_MEASURE + "线"):
        return None  # 三四五个: an approximation
    return digits(run) if parts else None


def _groups(m: re.Match[str]) -> str | None:
    """A number read in groups: 一三八，零零一三，八零零零. One digit a group is counting or a list, unless told."""
    groups = re.findall(rf"[{READ_OUT}\d]+", m["it"])
    if sum(map(len, groups)) < 7 or max(map(len, groups)) < 2 or not re.search(_D, m["it"]):
        return None
    return digits(m["it"])


def _told(m: re.Match[str]) -> str | None:
    """Digits after 工号, 尾号 and the like, however few. 腰 between them is a misheard 幺, both yāo."""
    return digits(re.sub("[腰妖夭吆]", "幺", m["it"])) if re.search(rf"[{READ_OUT}腰妖夭吆]", m["it"]) else None


def _limit(m: re.Match[str]) -> str | None:
    """三个工作日, 五分钟, 两天内."""
    count, unit, within, before = m["it"], m["unit"], m["within"], m.string[: m.start()][-1:]
    vague = before in tuple("这那前头过等最后每某哪有几半上下") if before else False
    if count == "一" and not (unit == "工作日" or within):
        return None
    if count == "两" and (vague or unit in "天日年") and not within:
        return None
    if unit == "日" and not within:
        return None
    return digits(count)


def _count(m: re.Match[str]) -> str | None:
    """Numbers of ten and more."""
    run, text = m["n"], m.string
    before, after = text[: m.start()][-1:], text[m.end() : m.end() + 1]
    if before and before in "几数上成好":
        return None
    if after and (after in "几来分" or text.startswith("多", m.end())) and run == "十" and after != "分":
        return None
    if after == "几" or text.startswith("分之", m.end()):
        return None
    if run in ("十", "十一") and (not after or after not in _MEASURE + "小工"):
        return None
    number = cardinal(run)
    if number is None or (number.short and after and after in _MEASURE and after not in "块元"):
        return None  # 三百一个月: 三百, 一个月
    point = m["point"]
    if point:
        if number.short:
            return None
        return f"{number.value}.{digits(point)}"
    return in_digits(number.value)


def _decimal(m: re.Match[str]) -> str | None:
    """零点五, 九十九点七五, 三点五折. 四点五 alone may be a time and stays."""
    whole, point, after = m["n"], m["point"], m.string[m.end() :]
    number = cardinal(whole) if not whole.isdigit() else None
    if number is not None and number.short:
        return None
    value = int(whole) if whole.isdigit() else number.value if number else None
    if value is None:
        return None
    sure = value > 24 or whole in "零〇" or len(point) > 1
    if sure or re.match("[折米公里个倍万亿度元块寸斤克吨兆级版MGK%]", after):
        return f"{value}.{digits(point)}"
    return None


def _whole(m: re.Match[str]) -> str | None:
    return plain(m["it"])


def _digits(m: re.Match[str]) -> str | None:
    return digits(m["it"]).replace("两", "2")


def _rules(*rules: tuple[str, Write]) -> tuple[tuple[re.Pattern[str], Write], ...]:
    return tuple((re.compile(pattern), write) for pattern, write in rules)


_SMALL = "[一二两三四五六七八九]"
_ONE = rf"{_BEGIN}(?P<it>{_SMALL})"
# In order: what an earlier rule has written, a later one leaves alone. `it` is the stretch to write, else the match.
RULES = _rules(
    (rf"(?P<of>[百千])分之(?P<n>百|{_X})(?:(?P<to>[到至])(?P<top>{_X}))?(?!{_C}|\d)", _percent),
    (rf"{_BEGIN}(?P<n>{_N})(?:块钱?|元)(?P<tenths>{_SMALL})[毛角](?:(?P<cents>{_SMALL})分?)?钱?(?!{_C})", _price),
    (rf"{_BEGIN}(?P<n>{_N})[块元](?P<tenths>零)(?P<cents>{_SMALL})分?钱?{_END}", _price),
    (rf"{_BEGIN}(?P<n>{_N})块(?P<tenths>{_SMALL}|\d)钱?{_END}", _price),
    (rf"(?<![{SPOKEN}\d])(?P<it>[一二]{_D}{{3}})年", lambda m: digits(m["it"])),
    (rf"{_BEGIN}(?P<it>[零〇八九]{_D}|[一二]{_D}(?=年(?:{_C}|\d)+月))(?=年)", lambda m: digits(m["it"])),
    (rf"{_BEGIN}(?<!农历)(?<!阴历)(?P<month>{_N})月(?P<day>{_N})(?P<sign>[号日])", _month),
    (rf"{_BEGIN}(?<!农历)(?<!阴历)(?P<month>{_N})月(?P<day>)(?P<sign>)(?!{_C}|\d)", _month),
    (
        rf"(?<![{SPOKEN}\d.第])(?P<it>(?P<hour>{_N})点(?P<minutes>[零〇]{_SMALL}|二?十{_SMALL}?|[三四五]十{_SMALL}?|{_SMALL}(?=分)))"
        rf"(?!{_C}|分之|[块元])",
        _time,
    ),
    (rf"(?<![{SPOKEN}\d.第])(?P<it>(?P<hour>{_N})点)(?=[半钟整]|一刻|三刻|前|之前|以前|左右|以后|之后|\d+分)", _time),
    (rf"(?:{_DAYTIME})的?(?P<it>(?P<hour>(?!一点){_N})点)(?!{_D})", _time),
    (rf"(?:{_STRICT_DAYTIME})(?P<it>(?P<hour>一)点)(?=[，。？！,.?!]|$|到|至)", _time),
    (rf"(?<![{SPOKEN}\d.点第初])(?P<it>(?P<hour>(?!一点){_N})点)(?=[到至](?:{_C}|\d)+点|过(?!去))", _time),
    (
        rf"{CUES}(?:是|为|叫)?[：:，,\s]*[A-Za-z]*(?P<it>[{READ_OUT}\d][{READ_OUT}\d腰妖夭吆]*)(?=$|[，。？！、,.?!的号A-Za-z]|为您|对)",
        _told,
    ),
    (rf"(?<![{SPOKEN}\d.])(?P<it>[{READ_OUT}\d]+(?:[，,、\s]+[{READ_OUT}\d]+)+)(?![{SPOKEN}{_MEASURE}.点])", _groups),
    (rf"(?<![{SPOKEN}\d.第周])(?<!星期)(?<!礼拜)(?P<it>[{READ_OUT}\d]{{3,}})(?![十百千万亿两半\d]|点{_C})", _code),
    (rf"(?<=[A-Za-z])(?P<it>{_D}{{2,}})(?!{_C}|[{_MEASURE}])", _digits),
    (
        rf"{_ONE}(?=个?(?P<unit>工作日|自然日|小时|钟头|季度|星期|礼拜|分钟|秒钟?(?!杀)|天(?![地然气花])|日|"
        rf"年(?![级代轻纪度])|周(?![年期岁末]|{_C})|(?<=个)月)(?P<within>(?:之|以)?内|(?:之|以)?后)?)",
        _limit,
    ),
    (rf"{_ONE}(?=号(?![召称令角外志])|单元|栋|幢|号?楼(?![上下道梯]))", _digits),
    (rf"{_BEGIN}(?P<it>[二三四五])(?=G(?![A-Za-z]))", _digits),
    (rf"{_BEGIN}(?P<it>{_SMALL}{_D}?)(?=折(?![腾磨扣叠]))", _digits),
    (rf"(?<![{SPOKEN}\d.点第唯统多])(?P<it>{_SMALL})(?=块钱|元(?![素旦件气首老月一二三]))", _digits),
    (rf"按(?P<it>{_D})(?=号?键|[，。,.]|$)", _digits),
    (rf"{_BEGIN}(?P<n>{_N})点(?P<point>{_D}+)(?![{READ_OUT}十百千两点分钟半])", _decimal),
    (
        rf"(?<![{SPOKEN}\d点第初])(?<!大年)(?<!农历)(?<!阴历)(?<![{SPOKEN}\d]月)(?P<n>{_C}*[十百千万亿]{_C}*)(?:点(?P<point>{_D}+)(?!{_C}))?",
        _count,
    ),
    (rf"(?<=\d)点(?P<it>零{_D})(?=分)", _whole),
)
