"""Personal data is covered, character for character; what is none stays readable."""

from __future__ import annotations

import pytest

from scoring.masking import mask, mask_all, mask_name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的手机是13800138000", "我的手机是•••••••••00"),
        ("138 0013 8000。", "••• •••• ••00。"),
        ("138-0013-8000", "•••-••••-••00"),
        ("010-62345678", "•••-••••••78"),
        ("身份证11010519491231002X", "身份证••••••••••••••••2X"),
        ("一三八零零一三八零零零", "•••••••••零零"),
        ("幺三八，零零，幺三八零零零", "•••，••，••••零零"),
        ("６２２２０２１２３４５６", "••••••••••５６"),
        ("mail li.wen@example.com now", "mail ••.•••@•••••••.••• now"),
        ("2026年3月2日下午3点", "2026年3月2日下午3点"),
        ("尾号0032。共352.5元，三百五十二块", "尾号0032。共352.5元，三百五十二块"),
        ("尾号0032，352.5元", "尾号••••，••2.5元"),  # numbers side by side may be one number: rather too much
        ("工号0812，订单2024", "工号0812，订单2024"),
        ("一二三四五六", "一二三四五六"),
        ("", ""),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(mask(text)) == len(text)
    assert mask(mask(text)) == mask(text)


def test_names_keep_dates_and_numbers() -> None:
    assert mask_name("KF-20260302-0003") == "KF-20260302-0003"
    assert mask_name("20260302_13800138000_in.wav") == "20260302_•••••••••00_in.wav"


def test_all_texts_of_a_value() -> None:
    assert mask_all({"a": ["13800138000", 13800138000, None, {"b": "x"}]}) == {
        "a": ["•••••••••00", 13800138000, None, {"b": "x"}]
    }
