"""Jobs that must not run at once wait for each other, in any order of their names."""

import threading
import time

from shared import outbox


def test_what_is_done_alone_never_overlaps_and_never_deadlocks(house):
    inside, most, started, errors = [], [], threading.Barrier(6), []

    def work(names):
        started.wait()
        try:
            for _ in range(4):
                with house.db.transaction() as session:
                    outbox.alone(session, names)
                    inside.append(names)
                    most.append(len(inside))
                    time.sleep(0.005)
                    inside.pop()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(names,)) for names in (["a", "b"], ["b", "a"], ["b", "c", "a"]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(most) == 24
    assert max(most) == 1
