"""Mandarin numbers in digits: what a transcript reader expects, and what must stay in characters."""

from __future__ import annotations

import pytest

from models.numerals import cardinal
from models.rewriting import joined
from models.written import write
from scoring.call import Word

WRITTEN = """
我的号码是一三八零零一三八零零零 -> 我的号码是13800138000
幺三八零零幺三八零零零 -> 13800138000
一三八，零零一三，八零零零 -> 13800138000
电话是138 0013 8000，对吧？ -> 电话是13800138000，对吧？
三百块一个月 -> 300块一个月
五十块五个 -> 50块五个
1，3，8，0，0，1，3，8，0，0，0 -> 13800138000
四零零八八二三八二三 -> 4008823823
您打幺二三幺五投诉 -> 您打12315投诉
尾号三三零九，张伟 -> 尾号3309，张伟
尾号是五六 -> 尾号是56
工号八零二幺为您服务 -> 工号8021为您服务
工号八零二腰 -> 工号8021
工号A，B，一二三四 -> 工号AB1234
订单号是537，928，1997，5082 -> 订单号是53792819975082
身份证号是五三七九二八幺九七五零八二四三九六八 -> 身份证号是537928197508243968
验证码六八三二 -> 验证码6832
房间二零三 -> 房间203
一号楼二单元三零二 -> 1号楼2单元302
请按一号键 -> 请按1号键
一百二十九元 -> 129元
三百五十二块五 -> 352.5元
三百五十二块五毛 -> 352.5元
352块5 -> 352.5元
三十八块八毛八 -> 38.88元
五元三角 -> 5.3元
五毛钱 -> 五毛钱
两块钱 -> 2块钱
多扣了我六十八块钱 -> 多扣了我68块钱
一万块钱 -> 1万块钱
两万五 -> 25000
一万零五百 -> 10500
三千二百分 -> 3200分
一百万 -> 100万
一亿两千万 -> 1亿2000万
三点五万 -> 3.5万
八千多块 -> 8000多块
一百二 -> 120
两百零五 -> 205
升级到五百兆 -> 升级到500兆
百分之九十九点五 -> 99.5%
百分之百 -> 100%
百分之三十到四十 -> 30%到40%
千分之五 -> 5‰
零点五 -> 0.5
三点五折 -> 3.5折
一点五倍 -> 1.5倍
打八折 -> 打8折
十月二十六号下午三点半 -> 10月26号下午3点半
二零二四年十二月三十一号 -> 2024年12月31号
二四年三月 -> 24年3月
明天零点生效 -> 明天0点生效
下午六点前 -> 下午6点前
九点到十八点 -> 9点到18点
早上八点到下午五点 -> 早上8点到下午5点
十点十分 -> 10点10分
三点零五分 -> 3点05分
八点二十 -> 8点20
十二点一刻 -> 12点一刻
二十四小时内 -> 24小时内
三个工作日 -> 3个工作日
一个工作日 -> 1个工作日
两天内 -> 2天内
七天无理由退货 -> 7天无理由退货
两小时内回复 -> 2小时内回复
五分钟 -> 5分钟
三个月 -> 3个月
有效期九十天 -> 有效期90天
十五个人 -> 15个人
十个 -> 10个
五G套餐 -> 5G套餐
每月二十九块 -> 每月29块
一千二百五 -> 1250
"""

LEFT_ALONE = """
等我一下 一点也不 万一 三心二意 第一时间 十分抱歉 一会儿 两天 过两天 这两天 两三天 三五天 十几天 十来天 几十块 好几百
七八个人 五六十块 一两天 一百二三十 十五六个 三四百 一二线城市 五一放假 双十一 十一长假 一五一十 乱七八糟 七七八八
不管三七二十一 一来一去 一一说明 五一起 5一起 千万不要 百度 统一 四川 三星手机 一卡通 二维码 周三 星期五 礼拜一 四点五
一点点 一点一点来 一块一起去 一块儿 三百一个月 一百一次 五百一年 三分之一 二百五 一对一 第二
第二十六条 从零开始 零零后 一三五限行 两点需要说明 三点建议 学到一点 提到两点 等到一点儿 每一天 有一天 一个月 两个半小时
三年级 三次电话 三位 一天到晚 十全十美 满分十分 农历八月十五 八月十五 初二 一楞一楞 三天两头 百分之几 100，200，300
2019，2020，2021，2022 199，299，399 10，20，30，40 1，2，3 12,500
"""

CASES = [tuple(line.split(" -> ")) for line in WRITTEN.strip().splitlines()] + [(t, t) for t in LEFT_ALONE.split()]


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(i * 0.2, i * 0.2 + 0.2, c, 0.9) for i, c in enumerate(text))


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_numbers(said: str, expected: str) -> None:
    assert joined(write(words(said), "zh")) == expected


def test_the_table_is_large_and_balanced() -> None:
    near_misses = sum(said == expected for said, expected in CASES)
    assert len(CASES) >= 140
    assert near_misses >= 60


def test_spoken_numbers_stay_in_english_calls() -> None:
    assert joined(write(words("三百五十二块五"), "en")) == "三百五十二块五"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("十", 10),
        ("两", 2),
        ("一百一十二", 112),
        ("三千零五", 3005),
        ("一千零五十", 1050),
        ("十万", 100_000),
        ("三千五百万零六", 35_000_006),
        ("一万亿", 10**12),
        ("三百五", 350),
        ("", None),
        ("百", None),
        ("万一", None),
        ("三四百", None),
        ("两十", None),
        ("一百零零五", None),
        ("一千二十", None),
        ("十五六", None),
        ("一百两", None),
        ("幺百", None),
    ],
)
def test_cardinal(text: str, value: int | None) -> None:
    number = cardinal(text)
    assert (number.value if number else None) == value
