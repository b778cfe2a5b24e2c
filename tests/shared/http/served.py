"""The sample service behind the real server, started as a child process by test_large_body.py."""

import os

from flask import Flask

from shared.db import Base
from shared.http.app import create_web
from tests.fixtures.runtime import import_all_models, make_runtime
from tests.shared.http.sample import sample_service


def application() -> Flask:
    """The application on a database in the folder that TEST_FOLDER names."""
    from pathlib import Path

    import_all_models()
    rt = make_runtime(Path(os.environ["TEST_FOLDER"]))
    rt.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(rt.db.engine)
    return create_web(rt, [sample_service()])
