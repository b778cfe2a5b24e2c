"""Which passwords are accepted, and how a phone number is read."""

import pytest

from services.identity import passwords
from services.identity.domain.password import normal_phone, weakness


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short-7", "至少 8 位"),  # seven characters
        ("long-enough", None),
        ("p", "至少 8 位"),
        ("x1" * 101, "最多 200 位"),
        ("12345678", "太常见,容易被猜到"),
        ("Password", "太常见,容易被猜到"),  # case does not help
        ("woaini1314", "太常见,容易被猜到"),
        ("zzzzzzzzzz", "太常见,容易被猜到"),  # two different characters at most
        ("13900000001", "不能包含手机号"),
        ("my 139-0000-0001!", "不能包含手机号"),
        ("春眠不觉晓处处闻", None),  # eight characters of any script
    ],
)
def test_weakness(password, reason):
    assert weakness(password, "13900000001", passwords.common()) == reason


def test_three_thousand_commonest_passwords_are_known():
    assert len(passwords.common()) == 3000
    assert all(word == word.lower() and len(word) >= 8 for word in passwords.common())


@pytest.mark.parametrize("typed", ["13900000001", "139 0000 0001", "139-0000-0001", "+86 13900000001", "8613900000001"])
def test_one_number_typed_in_many_ways(typed):
    assert normal_phone(typed) == "13900000001"
