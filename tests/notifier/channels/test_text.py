"""Words are cut to what a platform takes, and never inside what a reader sees as one character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels.text import fit, fit_chars


@pytest.mark.parametrize("most", [20, 128, 512, 2048])
@pytest.mark.parametrize("sign", ["a", "诊", "𠮷", "👩‍⚕️", "e\u0301"])
def test_the_border_and_one_beyond(most, sign):
    size = len(sign.encode())
    whole = sign * (most // size) + "a" * (most % size)
    assert fit(whole, most) == whole
    if size <= most - 3:
        cut = fit(whole + "a", most)
        assert cut.endswith("…")
        assert len(cut.encode()) <= most
        assert set(cut[:-1].replace(sign, "")) <= {"a"}, "no piece of the sign is left alone"


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=40), st.integers(60, 90))
def test_whatever_is_cut_fits(text, most):
    assert len(fit(text, most).encode()) <= most or len(text.encode()) <= most


def test_flags_and_skin_tones_stay_whole():
    assert fit("🇨🇳🇨🇳", 12) == "🇨🇳…"
    assert fit("👋🏽👋🏽", 12) == "👋🏽…"


def test_code_points_for_template_fields():
    assert fit_chars("上午还没有签到记录", 20) == "上午还没有签到记录"
    assert fit_chars("一二三四五六七八九十一二三四五六七八九十一", 20) == "一二三四五六七八九十一二三四五六七八九…"


def test_nothing_left_is_refused():
    with pytest.raises(ValueError, match="nothing of the text fits"):
        fit("👩‍⚕️医生", 5)
