"""`python -m services` is the `zhudian` command."""

from services.suite.cli import main

main()
