"""Secrets are rows made once: whoever comes first inserts, everybody reads."""

from collections.abc import Callable

from shuke.kit import db


async def secret(name: str, make: Callable[[], str]) -> str:
    """The secret of this name, made by `make` on the first call ever."""
    value = await db.fetch_value("SELECT value FROM secret WHERE name = $1", name)
    if value is None:
        await db.execute("INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, make())
        value = await db.fetch_value("SELECT value FROM secret WHERE name = $1", name)
    return str(value)
