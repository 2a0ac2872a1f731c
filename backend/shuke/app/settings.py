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


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise CannotRun(f"SHUKE_PORT is {text!r}: give a number from 1 to 65535.")
