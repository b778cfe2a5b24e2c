"""Every Chinese word and sentence of rules: `from shared.rules import words`. One file per subject, re-exported here. Pure."""

from shared.rules.words.cases import (
    ASKS,
    BREAKS,
    EFFECTS,
    ENDED_BY,
    FLAGS,
    REASONS,
    SCOPES,
    STATUSES,
)
from shared.rules.words.names import (
    BASES,
    METRICS,
    RESULTS,
    SHORT_UNITS,
    UNITS,
    WAIVED,
    WEEKDAYS,
)
from shared.rules.words.quota import (
    Line,
    month_sentence,
    quota_sentence,
    waived_sentence,
    week_line,
    week_part,
)
from shared.rules.words.times import near, period_title, span

__all__ = [
    "ASKS",
    "BASES",
    "BREAKS",
    "EFFECTS",
    "ENDED_BY",
    "FLAGS",
    "METRICS",
    "REASONS",
    "RESULTS",
    "SCOPES",
    "SHORT_UNITS",
    "STATUSES",
    "UNITS",
    "WAIVED",
    "WEEKDAYS",
    "Line",
    "month_sentence",
    "near",
    "period_title",
    "quota_sentence",
    "span",
    "waived_sentence",
    "week_line",
    "week_part",
]
