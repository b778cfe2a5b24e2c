"""What tests and the page ask of the emulator itself: time, faults, people, what arrived."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, request

from tests.emulators.wechat import callbacks
from tests.emulators.wechat.answers import plain
from tests.emulators.wechat.state import Fault, State, User


def settings(state: State, url: str) -> dict[str, str]:
    """The environment of a product that talks to an emulator at this address."""
    fields = '{"thing1": "title", "thing2": "text", "time3": "due"}'
    return {
        "OA_APPID": state.appid, "OA_SECRET": state.appsecret, "OA_API_BASE": url, "OA_OPEN_BASE": url,
        "OA_TOKEN": state.token, "OA_AES_KEY": state.aes_key,
        "OA_TEMPLATES": f'{{"*": {{"id": "{state.template}", "fields": {fields}}}}}', "WECOM_CORPID": state.corpid,
        "WECOM_SECRET": state.corpsecret, "WECOM_AGENTID": str(state.agent), "WECOM_API_BASE": url, "WECOM_OPEN_BASE": url,
        "WECOM_TOKEN": state.token, "WECOM_AES_KEY": state.aes_key,
    }  # fmt: skip


def blueprint(state: State) -> Blueprint:
    """`/_/…`."""
    blp = Blueprint("control", __name__, url_prefix="/_")

    @blp.post("/clock")
    def move_clock() -> Response:
        """Move (`advance`) or set (`at`) the time, in seconds."""
        said = request.get_json()
        state.shift += float(said.get("advance", 0))
        state.frozen = said.get("at", state.frozen)
        return plain(now=state.now())

    @blp.post("/faults")
    def faults() -> Response:
        """Add to the script."""
        state.faults += [Fault(one["match"], one.get("times", 1), one["do"]) for one in request.get_json()]
        return plain(waiting=len(state.faults))

    @blp.get("/inbox")
    def inbox() -> Response:
        """What people can read, of one of them or of all."""
        user = request.args.get("user")
        return plain(items=[asdict(one) for one in state.messages if user in (None, one.user)])

    @blp.get("/calls")
    def calls() -> Response:
        """Every call but these."""
        return plain(items=state.calls)

    _set_up(blp, state)
    return blp


def _set_up(blp: Blueprint, state: State) -> None:
    @blp.get("/settings")
    def told() -> Response:
        """NAME=value lines: the environment of a product that talks to this emulator."""
        found = settings(state, request.host_url.rstrip("/"))
        return Response("".join(f"{name}={value}\n" for name, value in found.items()), mimetype="text/plain")

    @blp.post("/users")
    def users() -> Response:
        """Add people."""
        state.users += [User(**one) for one in request.get_json()]
        return plain(users=len(state.users))

    @blp.post("/callbacks")
    def register() -> Response:
        """Where events go, by platform; each address is asked for its proof first."""
        state.callbacks.update(request.get_json())
        return plain(verified={one: callbacks.verify(state, one)[0] == 200 for one in request.get_json()})

    @blp.post("/reset")
    def reset() -> Response:
        """Forget messages, calls, faults and tokens."""
        for kept in (state.messages, state.calls, state.faults, state.tokens, state.seen, state.sent, state.events):
            kept.clear()
        state.dropped = state.suppressed = 0
        return plain()
