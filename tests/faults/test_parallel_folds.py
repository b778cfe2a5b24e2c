"""Workers fold days of one week at once: nobody fails, nobody judges without what the other has just stored."""

import datetime as dt
import threading

import pytest

from services.progress.usecases.rebuild import rebuild
from services.suite import composition
from shared import outbox
from tests.faults.conftest import DAY

JOBS = composition.jobs(composition.services())


@pytest.mark.parametrize("round_", range(3))
def test_folds_of_one_week_at_once_judge_as_one_after_another(site, round_):
    messages = []
    for number in range(5):
        day = DAY + dt.timedelta(days=number)
        messages.append(site.tap(day))
        messages.append(site.tap(day, "out", hour=4))
    started, failed = threading.Barrier(len(messages)), []

    def work(message):
        started.wait()
        try:
            outbox.work(site.rt, JOBS["progress.fold_day"], message)
        except outbox.JobFailed as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert rebuild(site.rt, f"{DAY:%Y-%m}") == []
