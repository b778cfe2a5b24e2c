"""The service worker's text: version and assets of the build, none of a clinic's screen; before a build one that goes."""

import json

from services.web import usecases


def built(folder, **files):
    (folder / ".vite").mkdir(parents=True, exist_ok=True)
    (folder / "assets").mkdir(exist_ok=True)
    manifest = {f"src/entries/{name}/main.ts": {"file": f"assets/{name}-1.js", "css": files[name]} for name in files}
    (folder / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    (folder / "assets" / "sw-1.js").write_text("let code;")
    return folder


def test_it_names_every_asset_but_those_of_a_screen(tmp_path):
    text = usecases.worker(built(tmp_path, sw=[], scan=[], screen=[], physician=["assets/physician-1.css"]))
    clue, code = text.split("\n", 1)
    found = json.loads(clue.removeprefix("self.ZD = ").removesuffix(";"))
    assert found["assets"] == ["/assets/physician-1.css", "/assets/physician-1.js", "/assets/scan-1.js"]
    assert code == "let code;"


def test_another_build_is_another_version(tmp_path):
    first = usecases.worker(built(tmp_path / "a", sw=[], scan=[]))
    assert first == usecases.worker(built(tmp_path / "b", sw=[], scan=[]))
    assert first != usecases.worker(built(tmp_path / "c", sw=[], scan=["assets/new.css"]))


def test_before_a_build_it_goes_away(tmp_path):
    assert usecases.worker(tmp_path) == "self.registration.unregister();\n"
