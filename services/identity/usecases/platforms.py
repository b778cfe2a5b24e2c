"""Signing in through WeChat or WeCom: out to the platform with a one-time state, back with a code, and who that is.

An account of a platform that is bound signs in; another one waits ten minutes for an invitation (`binding.py`). Neither
openid nor userid ever comes from the browser (channels.md §2).
"""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.store import platforms as store
from services.identity.usecases.sign_in import Opened, opened_session
from shared.problems import Problem
from shared.service import Runtime
from shared.wechat.errors import OFFICIAL_ACCOUNT, WECOM, Action
from shared.wechat.official import OfficialAccount
from shared.wechat.platform import Said
from shared.wechat.tokens import Tokens, connect
from shared.wechat.wecom import WeCom

PLATFORM_OF = {"wechat": OFFICIAL_ACCOUNT, "wecom": WECOM}
"""Surroundings of a page (shared/wechat/ua.py) → the platform that signs in there."""
LABELS = {OFFICIAL_ACCOUNT: "微信登录", WECOM: "企业微信登录"}
CODE_OVER = (40029, 40163)


class PlatformOff(Problem):
    """This installation has no settings for the platform."""

    status, slug, title = 409, "platform-off", "这里没有开通微信登录,请用手机号和密码登录"


class PlatformRefused(Problem):
    """The platform or the person refused, or did not answer."""

    status, slug, title = 409, "platform-refused", "登录没有完成,请再试一次,或用手机号和密码登录"


class SnapshotPage(Problem):
    """WeChat showed the page with a virtual person."""

    status, slug, title = 409, "snapshot-page", '请点右下角"使用完整服务"后再试'


class NotAMember(Problem):
    """A WeCom outsider."""

    status, slug, title = 409, "not-a-member", "您不在本企业通讯录,请改用微信登录"


@dataclass(frozen=True)
class Back:
    """What a return from the platform leads to: a session, an account that waits to be bound, or a fresh start."""

    goes_to: str
    opened: Opened | None = None
    pending: str | None = None
    again: bool = False


def offered(rt: Runtime, surroundings: str) -> dict[str, str]:
    """{platform: label} of the buttons: inside WeChat or WeCom only its own."""
    named = rt.settings.channels
    on = {OFFICIAL_ACCOUNT: named.oa, WECOM: named.wecom} if rt.settings.redis_url else {}
    inside = PLATFORM_OF.get(surroundings)
    return {name: LABELS[name] for name, settings in on.items() if settings and inside in (None, name)}


def client(rt: Runtime, platform: str) -> OfficialAccount | WeCom:
    """The client of a platform. Raises PlatformOff."""
    named = rt.settings.channels
    if rt.settings.redis_url is not None:
        tokens = Tokens(connect(rt.settings.redis_url), rt.keys)
        if platform == OFFICIAL_ACCOUNT and named.oa:
            return OfficialAccount(named.oa, named, tokens)
        if platform == WECOM and named.wecom:
            return WeCom(named.wecom, named, tokens)
    raise PlatformOff(f"no settings for {platform}")


def start(rt: Runtime, platform: str, goes_to: str, *, again: bool = False) -> tuple[str, str]:
    """(address of the authorize page, the state to keep in the browser). Raises PlatformOff."""
    made = client(rt, platform)
    with rt.db.transaction() as session:
        state = store.open_state(session, platform, goes_to, again=again)
    return made.authorize_url(f"{rt.settings.public_base_url}/wx/{platform}/callback", state), state


def back(rt: Runtime, platform: str, code: str, state: str, kept: str) -> Back:
    """The person has come back. Raises PlatformOff, PlatformRefused, SnapshotPage, NotAMember.

    A repeated return (back button, double load) starts anew once; `kept` is the state this browser went out with.
    """
    made = client(rt, platform)
    with rt.db.transaction() as session:
        row, first = store.use_state(session, platform, state if state == kept else "")
        if row is None:
            raise PlatformRefused("the state is not this browser's, or over")
        goes_to, may_repeat = row.goes_to, row.wrong == 0
    if not code:
        raise PlatformRefused("no code: refused")
    said = made.exchange(code) if first else Said(Action.MESSAGE, errcode=CODE_OVER[0])
    if said.errcode in CODE_OVER and may_repeat:
        return Back(goes_to, again=True)
    return _known(rt, platform, _external_id(platform, said), goes_to)


def _external_id(platform: str, said: Said) -> str:
    if said.action is not Action.ACCEPTED:
        raise PlatformRefused(f"{said.action} {said.errcode}")
    if said.data.get("is_snapshotuser") == 1:
        raise SnapshotPage("a snapshot page")
    found = said.data.get("openid" if platform == OFFICIAL_ACCOUNT else "userid")
    if not isinstance(found, str) or not found:
        raise NotAMember("an outsider") if platform == WECOM else PlatformRefused("no openid")
    return found


def _known(rt: Runtime, platform: str, external_id: str, goes_to: str) -> Back:
    """A session for a bound account, else a secret with which the browser may bind it."""
    with rt.db.transaction() as session:
        bound = store.binding(session, platform, external_id)
        if bound is None:
            return Back(goes_to, pending=store.open_state(session, platform, goes_to, external_id=external_id))
        return Back(goes_to, opened=opened_session(session, bound.account_id))
