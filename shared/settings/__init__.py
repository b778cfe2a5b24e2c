"""Settings: read once from the environment, every mistake gathered, then raised once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from shared.settings.channels import Channels, read_channels

T = TypeVar("T")

ENVIRONMENTS = ("development", "test", "production")
LOG_LEVELS = ("debug", "info", "warning", "error")
KNOWN = frozenset({
    "ZHUDIAN_ENV", "ZHUDIAN_BIND", "ZHUDIAN_VAR", "ZHUDIAN_FILES", "ZHUDIAN_KEYS", "ZHUDIAN_WEB_WORKERS",
    "ZHUDIAN_WEB_THREADS", "ZHUDIAN_OUTBOX_LEASE", "ZHUDIAN_LOCATION_DAYS", "ZHUDIAN_LOG_LEVEL", "ZHUDIAN_FAILPOINT", "ZHUDIAN_CHROMIUM",
})  # fmt: skip


class SettingsError(Exception):
    """Every mistake found in the environment; `mistakes` holds one sentence each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Settings:
    """Frozen settings of one process. Paths are absolute; `outbox_lease` is in seconds."""

    env: str
    bind_host: str
    bind_port: int
    public_base_url: str
    var: Path
    files: Path
    keys_path: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    web_workers: int = 2
    web_threads: int = 4
    outbox_lease: int = 300
    log_level: str = "info"
    location_days: int = 730
    """Days after the service date that coordinates are kept (security.md §4: 24 months at most)."""
    failpoint: str | None = None
    channels: Channels = field(default_factory=Channels)

    @property
    def production(self) -> bool:
        """Whether demo data, failpoints, plain cookies and a missing key file are refused."""
        return self.env == "production"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Build the settings from an environment. Raises SettingsError with every mistake at once."""
        reader = _Reader(environ)
        settings = reader.settings()
        if reader.mistakes:
            raise SettingsError(reader.mistakes)
        return settings


class _Reader:
    """Collects values and mistakes while the environment is read."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes = [
            f"{name} is not a setting"
            for name in sorted(environ)
            if name.startswith("ZHUDIAN_") and name.removesuffix("_FILE") not in KNOWN
        ]

    def text(self, name: str, default: str) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names."""
        if path := self.environ.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                self.mistakes.append(f"{name}_FILE cannot be read: {error.strerror}")
        return self.environ.get(name) or default

    def parsed(self, name: str, default: str, parse: Callable[[str], T], wanted: str) -> T | None:
        """The parsed value, or None and a mistake naming what is wanted."""
        text = self.text(name, default)
        try:
            return parse(text)
        except ValueError:
            self.mistakes.append(f"{name} is {text!r}; wanted: {wanted}")
            return None

    def settings(self) -> Settings:
        """Read every variable of the settings table."""
        env = self.parsed("ZHUDIAN_ENV", "development", _one_of(ENVIRONMENTS), " / ".join(ENVIRONMENTS))
        host, port = self.parsed("ZHUDIAN_BIND", "127.0.0.1:8000", _host_port, "HOST:PORT") or ("", 0)
        var = Path(self.text("ZHUDIAN_VAR", "var")).absolute()
        level = self.parsed("ZHUDIAN_LOG_LEVEL", "info", _one_of(LOG_LEVELS), " / ".join(LOG_LEVELS))
        failpoint = self.text("ZHUDIAN_FAILPOINT", "") or None
        if failpoint and env == "production":
            self.mistakes.append("ZHUDIAN_FAILPOINT is refused in production")
        keys = Path(self.text("ZHUDIAN_KEYS", str(var / "keys.json"))).absolute()
        if env == "production" and not keys.exists():
            self.mistakes.append(f"ZHUDIAN_KEYS: no key file at {keys}; production never makes one")
        return Settings(
            env=env or "development", bind_host=host, bind_port=port,
            public_base_url=self.text("PUBLIC_BASE_URL", f"http://{host}:{port}").rstrip("/"),
            var=var, files=Path(self.text("ZHUDIAN_FILES", str(var / "files"))).absolute(), keys_path=keys,
            database_url=_driver(self.text("DATABASE_URL", f"sqlite:///{var / 'zhudian.db'}")),
            redis_url=self.text("REDIS_URL", "") or None,
            web_workers=self.parsed("ZHUDIAN_WEB_WORKERS", "2", _positive, "a number of processes >= 1") or 1,
            web_threads=self.parsed("ZHUDIAN_WEB_THREADS", "4", _positive, "a number of threads >= 1") or 1,
            outbox_lease=self.parsed("ZHUDIAN_OUTBOX_LEASE", "300", _positive, "seconds >= 1") or 1,
            location_days=self.parsed("ZHUDIAN_LOCATION_DAYS", "730", _location_days, "days from 1 to 730") or 1,
            log_level=level or "info", failpoint=failpoint, channels=read_channels(self.text, self.mistakes),
        )  # fmt: skip


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _positive(text: str) -> int:
    if (value := int(text)) < 1:
        raise ValueError(text)
    return value


def _location_days(text: str) -> int:
    if (value := _positive(text)) > 730:
        raise ValueError(text)
    return value


def _host_port(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or not host or not 0 < int(port) < 65536:
        raise ValueError(text)
    return host, int(port)


def _driver(url: str) -> str:
    """SQLAlchemy names psycopg 3 explicitly, so that an operator's plain URL never picks another driver."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
