"""Structured log lines, one JSON object each on standard error, with what is being worked bound in context.

Never in a line: personal data, coordinates, tokens, codes (S-25). Fields of these names are struck out here; free text
is the caller's duty. Ids are fine.
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog

STRUCK = frozenset({"phone", "password", "token", "secret", "code", "k", "ticket", "lat", "lon", "lat_e6", "lon_e6",
                    "id_number", "cookie", "authorization"})  # fmt: skip
_DETAIL = re.compile(r"DETAIL:.*")


def configure(level: str = "info") -> None:
    """Set up this process: lines at `level` and above, also those of libraries. Called once by each long-lived command;
    where nobody calls it, only warnings and errors are written."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def get(name: str) -> Any:
    """The logger of a room: `log.info("job.done", seq=3)`."""
    return structlog.wrap_logger(
        logging.getLogger(name), processors=_PROCESSORS, wrapper_class=structlog.stdlib.BoundLogger
    )


@contextlib.contextmanager
def bind(**fields: Any) -> Iterator[None]:
    """Every line inside the block carries these fields, such as request_id or message_id."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def hidden(traceback: str) -> str:
    """A traceback without PostgreSQL's DETAIL lines: they quote the row that broke a key, such as a phone number."""
    return _DETAIL.sub("DETAIL: (hidden)", traceback)


class _Formatter(logging.Formatter):
    """The lines of libraries: as they come, their tracebacks without details."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name the standard library calls)
        """The traceback without DETAIL lines."""
        return hidden(super().formatException(ei))


def _strike(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace values of fields that must never reach a log."""
    for name in STRUCK & event.keys():
        event[name] = "***"
    if "exception" in event:
        event["exception"] = hidden(event["exception"])
    return event


_JSON = structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)


def _line(logger: Any, method: str, event: MutableMapping[str, Any]) -> tuple[tuple[str | bytes], dict[str, Any]]:
    """The finished line; the traceback is in it already and must not follow it a second time as text."""
    return (_JSON(logger, method, event),), {"exc_info": False}


_PROCESSORS: list[Any] = [
    structlog.stdlib.filter_by_level,
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _strike,
    _line,
]
