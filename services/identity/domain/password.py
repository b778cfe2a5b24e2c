"""Which passwords are accepted (S-16): at least 8 characters, no composition rule, none of the commonest. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

MIN_LENGTH = 8
MAX_LENGTH = 200


def weakness(password: str, phone: str, common: Collection[str]) -> str | None:
    """Why the password is refused, in Chinese, or None. `common` holds lower-case passwords."""
    if len(password) < MIN_LENGTH:
        return f"至少 {MIN_LENGTH} 位"
    if len(password) > MAX_LENGTH:
        return f"最多 {MAX_LENGTH} 位"
    lowered = password.lower()
    if lowered in common or len(set(lowered)) < 3:
        return "太常见,容易被猜到"
    if phone and phone in re.sub(r"\D", "", password):
        return "不能包含手机号"
    return None


def normal_phone(text: str) -> str:
    """The digits of a mainland mobile number as typed: blanks, dashes and +86 are dropped."""
    digits = re.sub(r"\D", "", text)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
