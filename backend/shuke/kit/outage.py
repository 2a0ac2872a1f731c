"""Trouble that passes: the database is away, full or busy. Nothing was saved, and the same request may come again."""

import asyncpg

_AWAY = (
    OSError,  # TimeoutError and every way of not being connected
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,  # stopping, starting, a statement taken back
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,  # a deadlock's loser
    asyncpg.ReadOnlySQLTransactionError,  # a replica that was not told yet
)


def outage(error: BaseException | None) -> str | None:
    """The sentence (a key of `kit.words`) for such trouble; None for everything else."""
    if isinstance(error, asyncpg.DiskFullError):
        return "disk_full"
    # asyncpg says by this one both that a connection has gone and that it was used wrongly
    gone = type(error) is asyncpg.InterfaceError and "clos" in str(error)
    return "database_away" if gone or isinstance(error, _AWAY) else None
