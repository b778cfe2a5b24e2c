"""Problem: the one error type of the product, rendered in one place as RFC 9457 problem+json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Problem(Exception):
    """A refusal a person will read. Subclasses set status, slug and title and are defined where they are raised.

    `title` is the Chinese sentence shown to the user and may hold {placeholders} filled from `extra`;
    `detail` is English, for engineers; `extra` becomes members of the answer; `headers` go onto the response.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "服务出了问题,请稍后再试"

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail or self.slug)
        self.detail = detail
        self.extra = extra
        self.headers = dict(headers or {})

    def title_text(self) -> str:
        """The Chinese sentence with its placeholders filled; an unfilled one leaves the sentence as written."""
        try:
            return self.title.format_map(self.extra)
        except (KeyError, IndexError, ValueError):
            return self.title


class InvalidBody(Problem):
    """A field is missing, of the wrong type, unknown or outside its range."""

    status, slug, title = 422, "invalid-body", "有一项填写不对:{field}"

    def __init__(self, field: str, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or f"invalid value for {field}", field=field, **extra)


class NotFound(Problem):
    """No such object, or one outside the reader's scope: both answer alike (S-02)."""

    status, slug, title = 404, "not-found", "没有找到,或您没有查看的权限"


class NotSignedIn(Problem):
    """No session or token, or an expired one."""

    status, slug, title = 401, "not-signed-in", "登录已过期,请重新登录"


class Forbidden(Problem):
    """Signed in, but no role that may do this."""

    status, slug, title = 403, "forbidden", "您没有这项权限"


class RateLimited(Problem):
    """Too many requests; `n` = seconds to wait, also in Retry-After."""

    status, slug, title = 429, "rate-limited", "操作太快了,{n} 秒后再试"


class Unavailable(Problem):
    """The database cannot be reached; nothing was stored."""

    status, slug, title = 503, "unavailable", "服务暂时不可用,记录已存手机,会自动发送"


class IdempotencyConflict(Problem):
    """The client_event_id is known with another body; the first entry is untouched and nothing of it is disclosed."""

    status, slug, title = 409, "idempotency-conflict", "同一条记录的内容不一致,没有覆盖原记录。请新建一条"


class NotYourRecord(Problem):
    """The item names another person than the one signed in."""

    status, slug, title = 409, "not-your-record", "这条记录属于其他人,请本人登录后发送"


class DateOutsidePosting(Problem):
    """The date, or a day of the span, lies in no posting of the person."""

    status, slug, title = 422, "date-outside-posting", "这一天不在您的派驻期内"


class MonthNotBegun(Problem):
    """A month in the future was asked for."""

    status, slug, title = 422, "month-not-begun", "这个月还没有开始"


class MonthLocked(Problem):
    """The month is closed; work log and diary of it no longer change in place."""

    status, slug, title = 409, "month-locked", "本月已锁定,更正会以新版本出具"


class SelfApproval(Problem):
    """Nobody decides about himself (S-08)."""

    status, slug, title = 403, "self-approval", "不能审批自己的申请"


class LevelTooLow(Problem):
    """The rule asks for a higher level: a red flag, a finding to confirm."""

    status, slug, title = 403, "level-too-low", "这项结论需由{approver}或上级作出"


class AlreadyDecided(Problem):
    """Somebody has decided before."""

    status, slug, title = 409, "already-decided", "已被 {name} 于 {time} 处理"
