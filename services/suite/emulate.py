"""`zhudian emulate`: the emulator of WeChat and WeCom as a process, and the demo's physicians as its people.

The emulator lives under tests/ and shares no code with the product; it is started by path and spoken to over HTTP.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from notifier.usecases import addresses, channels
from services.identity.usecases import invitations
from shared.access.models import Account, AccountGrant
from shared.directory.models import Person
from shared.service import Runtime

EMULATOR = Path(__file__).resolve().parents[2] / "tests" / "emulators" / "wechat" / "__main__.py"
SHOWN = 8

emulate_app = typer.Typer(help="WeChat and WeCom on this machine, for a look around.", no_args_is_help=True)


@emulate_app.command()
def wechat(port: Annotated[int, typer.Option(help="port on loopback")] = 8010) -> None:
    """Run the emulator until Ctrl-C; the settings that point at it are at /_/settings."""
    os.execv(sys.executable, [sys.executable, str(EMULATOR), "--port", str(port)])  # its signals are ours


@emulate_app.command()
def people(ctx: typer.Context, url: Annotated[str, typer.Argument(help="address of the emulator")]) -> None:
    """Make the first physicians people of the emulator, reach them there, and send each a test message."""
    rt: Runtime = ctx.obj()
    if rt.settings.production:
        typer.echo("an emulator is refused in production", err=True)
        raise typer.Exit(2)
    found = _physicians(rt)
    users = [{"name": name, "openid": f"o-{number}", "userid": f"U-{number}"} for number, (name, _) in enumerate(found)]
    _post(f"{url}/_/users", users)
    for number, (_, phone) in enumerate(found):
        addresses.enter(rt, phone, "wecom", f"U-{number}")
        channels.trial(rt, phone)
    base = f"{rt.settings.public_base_url}/api/notifier/callbacks"
    agent = rt.settings.channels.wecom.agent if rt.settings.channels.wecom else 0
    told = _post(f"{url}/_/callbacks", {"oa": f"{base}/oa", "wecom": f"{base}/wecom/{agent}"})
    typer.echo(f"\n微信(模拟)  {url}/chat   {len(found)} 位医师,每人一条测试消息")
    typer.echo(f"回调地址验证  {'通过' if all(told['verified'].values()) else '没有通过'}")
    if found:
        typer.echo(f"微信登录试用  先在上面点 {found[0][0]},再打开 {rt.settings.public_base_url}/login 点"
                   f"微信登录,邀请码 {invitations.invite(rt, found[0][1]).rpartition('/')[2]}")  # fmt: skip


def _physicians(rt: Runtime) -> list[tuple[str, str]]:
    """(name, phone) of the first physicians who can sign in."""
    query = (
        sa.select(Person.name, Account.phone)
        .join(Account, Account.person_id == Person.id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(AccountGrant.role == "doctor", Account.disabled_at.is_(None))
    )
    with rt.db.read() as session:
        return [(name, phone) for name, phone in session.execute(query.order_by(Person.code).limit(SHOWN))]


def _post(url: str, said: Any) -> dict[str, Any]:
    """One call to the emulator; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    call = urllib.request.Request(url, json.dumps(said).encode(), {"Content-Type": "application/json"})
    with opener.open(call, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found
