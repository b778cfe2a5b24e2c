"""`python -m services` is the `zhudian` command."""

import gc
import sys

gc.disable()  # imports make no garbage: without looks for it they take a sixth less; `main` enables it again
if sys.argv[1:2] == ["explain"]:  # needs no service, no database and no typer: a whole run takes a tenth of a second
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head -1` has read enough: end as quietly as cat does
    from services.progress.usecases.explain import main as explain

    sys.exit(explain(sys.argv[2:]))

from services.suite.cli import main  # noqa: E402 (after the garbage collector is off)

main()
