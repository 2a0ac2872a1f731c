"""One call as it is written down: by whoever's key it was made, without its variables or its answer."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from shuke.api.http.cost import Operation
from shuke.kit import clock


@dataclass(slots=True)
class Call:
    """What is known of a call so far."""

    at: datetime = field(default_factory=clock.now)
    begun: float = field(default_factory=time.perf_counter)
    operation: Operation | None = None
    cost: int = 0
    status: int = 0
    code: str | None = None
    """`extensions.code` of the first error"""

    @property
    def milliseconds(self) -> int:
        return round((time.perf_counter() - self.begun) * 1000)

    def answered(self, status: int, answer: dict[str, Any]) -> None:
        self.status = status
        errors = answer.get("errors")
        self.code = errors[0].get("extensions", {}).get("code") if errors else None


@runtime_checkable
class Recorder(Protocol):
    """A context that wants to know what became of its call, and sends headers with every answer."""

    standing_headers: list[tuple[str, str]]

    async def record(self, call: Call) -> None: ...
