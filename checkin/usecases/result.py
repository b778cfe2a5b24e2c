"""What the page shows after the button was pressed without script."""

from __future__ import annotations

from typing import Any

from checkin.domain import words
from checkin.usecases.fact import view
from checkin.usecases.repeat import AlreadyRecorded, Recorded, recorded
from shared.attendance.session import label
from shared.problems import Problem
from shared.service import Runtime


def recorded_page(found: Recorded, *, repeated: bool) -> dict[str, Any]:
    """The context of result.html for a recorded tap; `repeated`: the first receipt of the same tap."""
    row, entry, shown = found.row, found.entry, view(found.row, found.clinic_name)
    return {
        "ok": True, "title": "签到已收到" if row.direction == "in" else "签退已收到", "clinic_name": found.clinic_name,
        "session_label": label(row.direction, row.session), "time_text": words.time_text(row.received_at),
        "receipt_code": entry.receipt.get("code"), "seq": row.seq, "short_hash": entry.entry_hash.hex()[:12],
        "evidence_line": shown["evidence_line"], "location_line": shown["location_line"],
        "progress_line": found.line,
        "half_day_url": f"/app/work?date={row.service_date}&session={row.session}", "notice": None, "repeated": repeated,
    }  # fmt: skip


def earlier_page(rt: Runtime, refused: AlreadyRecorded) -> dict[str, Any]:
    """A second tap in the same slot or minute is shown the earlier receipt, as the success it was."""
    with rt.db.read() as session:
        found = recorded(session, refused.earlier)
    return recorded_page(found, repeated=True)


def refused_page(refused: Problem, site_token: str) -> dict[str, Any]:
    """A refusal in words, with the way back to the scan page."""
    return {"ok": False, "title": refused.title_text(), "retry_url": f"/c/{site_token}"}
