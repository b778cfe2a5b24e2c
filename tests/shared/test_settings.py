"""Settings gather every mistake before they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.settings import Settings, SettingsError


def test_defaults_lie_under_var(tmp_path: Path) -> None:
    settings = Settings.from_env({"ZHUDIAN_VAR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/zhudian.db"
    assert (settings.files, settings.keys_path) == (tmp_path / "files", tmp_path / "keys.json")
    assert settings.public_base_url == "http://127.0.0.1:8000"


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ZHUDIAN_ENV": "prod", "ZHUDIAN_BIND": "here", "ZHUDIAN_WEB_WORKERS": "0",
                           "ZHUDIAN_COLOUR": "red"})  # fmt: skip
    assert len(caught.value.mistakes) == 4
    assert any("ZHUDIAN_COLOUR is not a setting" in mistake for mistake in caught.value.mistakes)


def test_production_refuses_failpoints_and_a_missing_key_file(tmp_path: Path) -> None:
    environ = {"ZHUDIAN_ENV": "production", "ZHUDIAN_VAR": str(tmp_path), "ZHUDIAN_FAILPOINT": "after_commit:kill"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    assert len(caught.value.mistakes) == 2


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://someone@db/zhudian\n")
    settings = Settings.from_env({"DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings.database_url == "postgresql+psycopg://someone@db/zhudian"
    assert "someone" not in repr(settings)


def test_an_unreadable_secret_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL_FILE"):
        Settings.from_env({"DATABASE_URL_FILE": str(tmp_path / "absent")})
