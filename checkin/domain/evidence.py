"""What comes with a tap beside the code: the phone's key and its place; and the grade of all of it together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.attendance import flags as flag_rules
from shared.attendance.grade import VERSION, Graded, Inputs, grade


class Held(NamedTuple):
    """The phone's key: ok, young or none; thumbprint and signature as they were sent, whatever they are worth.

    `first`: it came with the invitation.
    """

    value: str = "none"
    thumbprint: str | None = None
    signature: str | None = None
    flags: tuple[str, ...] = ()
    first: bool = False


class Placed(NamedTuple):
    """Where the tap was: inside, outside, undetermined, none; distance band, accuracy in whole metres.

    `failure`: why no coordinates are kept; `kept`: the location as it came, for the ledger's location payload.
    """

    verdict: str = "none"
    band: str | None = None
    accuracy_m: int | None = None
    failure: str | None = "not_asked"
    flags: tuple[str, ...] = ()
    kept: dict[str, Any] | None = None


def stands_on(held: Held, placed: Placed, window: str) -> dict[str, Any]:
    """What is remembered beside the tap so that its grade can be computed again: JSON values."""
    return {"version": VERSION, "device": held.value, "window": window, "location": placed.verdict,
            "accuracy_m": placed.accuracy_m, **({"first_key": True} if held.first else {})}  # fmt: skip


def graded(judged: Mapping[str, Any] | None, strength: str, flags: Iterable[str]) -> Graded | None:
    """The grade at the tap, from what it stood on; None for a tap of the time before grades."""
    if judged is None:
        return None
    red = tuple(code for code in flags if flag_rules.is_red(code))
    inputs = Inputs(judged["device"], strength, judged["window"], judged["location"], red=red)
    return grade(inputs, judged["version"])
