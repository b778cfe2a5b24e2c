"""Everything serve.py starts, beside an emulated WeChat and WeCom: `python3 run.py --with-emulator`.

The emulator is a child like the others and loses its memory with it. The product's settings name it and nothing else,
so what it sends is what it would send to the platforms. Not for an installation with settings of its own.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import urllib.request
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from deploy import serve  # noqa: E402 (found through the line above)

EMULATOR = REPO / "tests" / "emulators" / "wechat" / "__main__.py"
PORT = 8010
OURS = ("OA_APPID", "WECOM_CORPID")


class Emulated(serve.Fleet):
    """Starts the emulator before the web process, and its people when everything runs."""

    url = ""

    def start(self, name: str, command: list[str]) -> None:
        """One child; with the emulator before `web`."""
        if name == "web":
            port = _free_port()
            self.url = f"http://127.0.0.1:{port}"
            super().start("emulator", [sys.executable, str(EMULATOR), "--port", str(port)])
            self.wait_for("emulator", self._answers)
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.url}/_/settings") as told:
                self.env.update(line.split("=", 1) for line in told.read().decode().splitlines())
            self.env.setdefault("PUBLIC_BASE_URL", f"http://{self.env['ZHUDIAN_BIND']}")
        super().start(name, command)
        if name == "ticker":
            self.must("emulate", "people", self.url)

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with contextlib.suppress(OSError):
            return bool(opener.open(f"{self.url}/_/settings", timeout=2).status == 200)
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    if os.environ.get("ZHUDIAN_ENV") == "production" or any(os.environ.get(name) for name in OURS):
        serve.say("--with-emulator is for a look around: not in production, and not beside settings of real accounts.")
        sys.exit(1)
    sys.exit(serve.main(sys.argv[1:], Emulated))
