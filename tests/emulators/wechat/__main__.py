"""The emulator as a process: `python tests/emulators/wechat/__main__.py --port N`, until SIGTERM."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.emulators.wechat.app import Emulator


def main() -> None:
    """Serve, and send events as they fall due."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    with Emulator(port=parser.parse_args().port) as emulator:
        print(emulator.url, flush=True)
        while True:
            emulator.pump()
            time.sleep(0.5)


if __name__ == "__main__":
    main()
