"""`python -m services` is the `zhudian` command."""

import sys

if sys.argv[1:2] == ["explain"]:  # needs no service, no database and no typer: a whole run takes a tenth of a second
    import gc

    gc.disable()  # the process is gone before there is anything to collect
    from services.progress.usecases.explain import main as explain

    sys.exit(explain(sys.argv[2:]))

from services.suite.cli import main

main()
