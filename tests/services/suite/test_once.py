"""`zhudian once` on days of every kind: the product, served from this process, lives at a set time that goes on."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from services.suite import composition
from services.suite.client import Refused
from services.suite.demo import demo, show
from services.suite.once import FORMATS, main_job
from shared import clock, outbox
from shared.http.app import create_web
from shared.service import Runtime

Said = list[str]
DAYS = {
    "workday": dt.datetime(2026, 11, 16, 10, 0, tzinfo=clock.SHANGHAI),
    "Sunday": dt.datetime(2026, 11, 15, 18, 30, tzinfo=clock.SHANGHAI),
    "holiday": dt.datetime(2026, 10, 1, 9, 0, tzinfo=clock.SHANGHAI),
    "moved workday": dt.datetime(2026, 10, 10, 15, 0, tzinfo=clock.SHANGHAI),
    "first of a year, after midnight": dt.datetime(2026, 1, 1, 0, 20, tzinfo=clock.SHANGHAI),
}  # fmt: skip


class Time:
    """A clock that was set to an instant and goes on from there."""

    def __init__(self, wall: dt.datetime) -> None:
        self._start, self._began = wall, time.monotonic()

    def now(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=time.monotonic() - self._began)


@contextmanager
def served(rt: Runtime, at: Time) -> Iterator[str]:
    """Every service on a free port, and a worker beside it, both at this time; gives the address."""
    web, stop = create_web(rt, composition.services()), threading.Event()

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with clock.at(at.now()):
            return web(environ, start)

    def work() -> None:
        jobs = composition.jobs(composition.services())
        while not stop.wait(0.1):
            with clock.at(at.now()):
                outbox.drain(rt, jobs)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


@pytest.mark.parametrize("wall", DAYS.values(), ids=DAYS.keys())
def test_the_main_job_happens_on_any_day(rt: Runtime, tmp_path: Path, wall: dt.datetime) -> None:
    at, said = Time(wall), Said()
    with clock.at(at.now()):
        demo(rt, composition.services(), months=1, physicians=1)
        world = show(rt)["once"]

    with served(rt, at) as url, clock.at(at.now()):
        main_job(url, world, tmp_path / "out", said.append)

    files = sorted((tmp_path / "out").iterdir())
    assert sorted(path.suffix[1:] for path in files) == sorted(FORMATS)
    assert f"{wall:%Y%m}" in files[0].name
    assert [line for line in said if "签到已收到" in line or "日志已提交" in line or "汇总完成" in line]
    assert said[-1].startswith("应到")


def test_a_step_that_is_refused_ends_the_job_and_leaves_no_report(rt: Runtime, tmp_path: Path) -> None:
    at = Time(DAYS["workday"])
    with clock.at(at.now()):
        demo(rt, composition.services(), months=1, physicians=1)
        world = show(rt)["once"]
    world["officer"]["password"] = "not-the-password"

    with served(rt, at) as url, clock.at(at.now()), pytest.raises(Refused) as refused:
        main_job(url, world, tmp_path / "out", lambda _: None)

    assert refused.value.status == 401
    assert not (tmp_path / "out").exists()
