"""Workers fold days of one week at once: nobody fails, nobody judges without what the other has just stored."""

import datetime as dt
import threading

from services.progress.usecases.rebuild import rebuild
from services.suite import composition
from shared import outbox
from tests.faults.conftest import DAY

JOBS = composition.jobs(composition.services())


def test_folds_of_one_week_at_once_judge_as_one_after_another(site):
    for week in range(3):
        monday = DAY + dt.timedelta(weeks=week)
        days = [monday + dt.timedelta(days=number) for number in range(5)]
        messages = [site.tap(day, *how) for day in days for how in (("in", 0), ("out", 4))]
        assert _at_once(site, messages) == []
    assert site.folded() == sorted(DAY + dt.timedelta(weeks=week, days=day) for week in range(3) for day in range(5))
    assert rebuild(site.rt, f"{DAY:%Y-%m}") == []


def _at_once(site, messages):
    """Work these messages in as many threads; gives the failures."""
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
    return failed
