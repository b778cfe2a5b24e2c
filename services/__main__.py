"""`python -m services` is the `zhudian` command."""

import sys

if sys.argv[1:2] == ["explain"]:  # needs no service, no database and no typer: a whole run takes a tenth of a second
    import gc
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head -1` has read enough: end as quietly as cat does
    gc.disable()  # the process is gone before there is anything to collect
    from services.progress.usecases.explain import main as explain

    sys.exit(explain(sys.argv[2:]))

from services.suite.cli import main

main()
