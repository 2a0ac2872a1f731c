"""What the operator chooses, from the environment; every value has a default that suits one shop's computer."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shuke.app.trouble import CannotRun


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies, where the program listens, and which servers replace the embedded ones (None: embedded)."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8321
    database_url: str | None = None
    redis_url: str | None = None
    introspection: bool = True
    graphiql: bool = False
    log: str = "text"
    metrics: tuple[str, int] | None = None
    """host and port for figures and this process's health; None: nowhere"""
    drain: float = 0.0
    """seconds that the API goes on after SIGTERM, so that a proxy notices before it refuses connections"""
    proxies: str = "127.0.0.1,::1"
    """addresses whose word on who asks, and whether by https, is believed"""

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Reads SHUKE_*; an empty value counts as absent. Raises CannotRun for what cannot be understood."""
        chosen = {name: value for name, value in environ.items() if name.startswith("SHUKE_") and value.strip()}
        data = chosen.get("SHUKE_DATA")
        return cls(
            data=Path(data).expanduser().absolute() if data else default_data_folder(environ),
            host=chosen.get("SHUKE_HOST", "127.0.0.1"),
            port=port_number(chosen.get("SHUKE_PORT", "8321")),
            database_url=chosen.get("SHUKE_DATABASE_URL"),
            redis_url=chosen.get("SHUKE_REDIS_URL"),
            introspection=switch("SHUKE_INTROSPECTION", chosen.get("SHUKE_INTROSPECTION", "on")),
            graphiql=switch("SHUKE_GRAPHIQL", chosen.get("SHUKE_GRAPHIQL", "off")),
            log=one_of("SHUKE_LOG", chosen.get("SHUKE_LOG", "text"), "text", "json"),
            metrics=address("SHUKE_METRICS", chosen["SHUKE_METRICS"]) if "SHUKE_METRICS" in chosen else None,
            drain=seconds("SHUKE_DRAIN", chosen.get("SHUKE_DRAIN", "0")),
            proxies=chosen.get("SHUKE_PROXIES", "127.0.0.1,::1"),
        )


def default_data_folder(environ: Mapping[str, str]) -> Path:
    """$XDG_DATA_HOME/shuke, else ~/.local/share/shuke."""
    base = environ.get("XDG_DATA_HOME", "")
    return Path(base) / "shuke" if os.path.isabs(base) else Path.home() / ".local/share/shuke"


def switch(name: str, text: str) -> bool:
    """on or off. Raises CannotRun for anything else."""
    if text.lower() not in ("on", "off"):
        raise CannotRun(f"{name} is {text!r}: give on or off.")
    return text.lower() == "on"


def one_of(name: str, text: str, *choices: str) -> str:
    if text.lower() not in choices:
        raise CannotRun(f"{name} is {text!r}: give {' or '.join(choices)}.")
    return text.lower()


def seconds(name: str, text: str) -> float:
    """Up to a minute. Raises CannotRun."""
    if text.isascii() and text.isdigit() and int(text) <= 60:
        return float(text)
    raise CannotRun(f"{name} is {text!r}: give seconds from 0 to 60.")


def address(name: str, text: str) -> tuple[str, int]:
    """host:port, or a port alone for this computer only. Raises CannotRun."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", port_number(port, name)


def port_number(text: str, name: str = "SHUKE_PORT") -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise CannotRun(f"{name} is {text!r}: give a number from 1 to 65535.")
