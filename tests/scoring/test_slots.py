"""What a step must name, as people say it and as recognisers write it."""

from __future__ import annotations

import pytest

from scoring.slots import SlotKind, find_slot
from scoring.sounds import contains, overlap

LIMIT, NUMBER, NAME, COMPANY, AMOUNT = (
    SlotKind.TIME_LIMIT,
    SlotKind.AGENT_NUMBER,
    SlotKind.NAME,
    SlotKind.COMPANY,
    SlotKind.AMOUNT,
)


@pytest.mark.parametrize(
    ("kind", "language", "text", "found"),
    [
        (LIMIT, "zh", "24小时内给您回电", "24小时内"),
        (LIMIT, "zh", "三个工作日以内有结果", "三个工作日以内"),
        (LIMIT, "zh", "三到五个公作日", "三到五个公作日"),
        (LIMIT, "zh", "明天上午10点上门", "明天上午10点"),
        (LIMIT, "zh", "周五之前处理好", "周五之前"),
        (LIMIT, "zh", "这三天我们一直在看", None),
        (LIMIT, "zh", "尽快给您处理", None),
        (LIMIT, "en", "within two working days", "two working days"),
        (LIMIT, "en", "in the next 48 hours", "48 hours"),
        (LIMIT, "en", "by the end of Friday", "by the end of Friday"),
        (LIMIT, "en", "you'll hear tomorrow", "tomorrow"),
        (LIMIT, "en", "as soon as we can", None),
        (LIMIT, "en", "we have two offices", None),
        (NUMBER, "zh", "工号8021为您服务", "工号8021"),
        (NUMBER, "zh", "公好八零二幺", "公好八零二幺"),
        (NUMBER, "zh", "8021号客服", "8021号客服"),
        (NUMBER, "zh", "您住三零二号楼", None),
        (NUMBER, "zh", "工号是多少", None),
        (NUMBER, "en", "my agent number is 8021", "agent number is 8021"),
        (NUMBER, "en", "badge four four one", "badge four four one"),
        (NUMBER, "en", "I'm one of the agents", None),
        (NAME, "zh", "我叫李明", "我叫李明"),
        (NAME, "zh", "客服小周，", "客服小周"),
        (NAME, "zh", "我是来办业务的", None),
        (NAME, "en", "this is Moira", "this is Moira"),
        (NAME, "en", "Priya speaking", "Priya speaking"),
        (NAME, "en", "this is about the bill", None),
        (COMPANY, "zh", "云港宽带为您服务", "云港宽带"),
        (COMPANY, "zh", "您好，我姓王", None),
        (COMPANY, "en", "Thanks for calling Hartwell Ovens", "calling Hartwell Ovens"),
        (COMPANY, "en", "you're through to customer care", "through to customer care"),
        (COMPANY, "en", "Hello, Priya speaking", None),
        (COMPANY, "en", "hello, how are you", None),
        (AMOUNT, "zh", "一共129元", "129元"),
        (AMOUNT, "zh", "三十块钱", "三十块钱"),
        (AMOUNT, "zh", "三十天", None),
        (AMOUNT, "en", "that is $45.50 a month", "$45.50"),
        (AMOUNT, "en", "ninety five dollars", "ninety five dollars"),
        (AMOUNT, "en", "ninety days", None),
    ],
)
def test_slots(kind: SlotKind, language: str, text: str, found: str | None) -> None:
    assert find_slot(text, kind, language) == found


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("您好运岗宽带", ("云港",), "云港"),  # by sound
        ("您好海湾宽带", ("云港",), None),
        ("this is north gate support", ("Northgate",), "Northgate"),
        ("this is southgate support", ("Northgate",), None),
    ],
)
def test_configured_names_are_heard_by_sound(text: str, names: tuple[str, ...], found: str | None) -> None:
    assert find_slot(text, COMPANY, "zh" if "您" in text else "en", names) == found


def test_wording_is_compared_by_sound() -> None:
    assert overlap("何时依下您的身份", "核实一下您的身份") == 1.0
    assert overlap("您吃饭了吗", "核实一下您的身份") < 0.2
    assert contains("请稍等", "烧等")
    assert overlap("anything", "") == 0.0
