"""Reading cells: whatever Excel may hold becomes a value or a reason, and never anything else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain.cells import Broken, CellError, Formula, read
from services.roster.domain.sheets import SHEETS, Column

COLUMNS = [column for sheet in SHEETS for column in sheet.columns]
RAW = st.one_of(
    st.none(), st.text(max_size=30), st.integers(-(10**15), 10**15), st.floats(), st.booleans(), st.dates(),
    st.datetimes(), st.just(Formula()), st.builds(Broken, st.text(max_size=8)),
)  # fmt: skip


@given(st.sampled_from(COLUMNS), RAW)
def test_any_cell_is_a_value_or_a_reason(column: Column, raw: Any):
    value: Any = None
    reasons = []
    try:
        value = read(column, raw)
    except CellError as reason:
        reasons.append(str(reason))
    assert all(reasons)
    assert reasons or not column.required or value not in (None, "", ())


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("code", 1001.0, "1001"), ("code", " P1 ", "P1"), ("text", "Café", "Café"),  # number cells, blanks, NFC
        ("codes", "SQ1;SQ2; SQ3 ;", ("SQ1", "SQ2", "SQ3")), ("phone", "139 0000-0001", "13900000001"),
        ("date", dt.datetime.fromisoformat("2026-11-21"), dt.date(2026, 11, 21)), ("month", dt.date(2026, 11, 21), "2026-11"),
        ("latitude", 35.2440001, 35244000), ("longitude", "113.236", 113236000), ("radius", None, 300),
        ("yesno", None, False), ("yesno", True, True), ("last4", "123x", "123X"), ("last4", 7, "0007"),
        ("targets", "a=1; b=2", {"a": 1, "b": 2}), ("targets", None, {}),
        ("days", "星期一;周日;星期天", (0, 6, 6)), ("days", "周二;2026-11-03", (1, dt.date(2026, 11, 3))),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(kind: str, raw: Any, value: Any):
    column = Column("列", "field", kind, choices={"是": "yes", "否": "no"} if kind == "yesno" else {})
    assert read(column, raw) == value
