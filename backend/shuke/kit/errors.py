"""Two kinds of failure: a refusal, which the caller can mend and is told about in words; all else is a surprise."""

from enum import Enum
from functools import partial
from typing import Any


class ErrorCode(Enum):
    """Why a request was refused."""

    INVALID = "invalid"
    REQUIRED = "required"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    TAKEN = "taken"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    CONFLICT = "conflict"
    OPERATION_REUSED = "operation_reused"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_NEEDED = "sign_in_needed"
    TOO_MANY = "too_many"
    NOT_UNDOABLE = "not_undoable"
    UNSUPPORTED = "unsupported"
    UNAVAILABLE = "unavailable"
    PAGE_SIZE = "page_size"
    ERASED = "erased"


class Refusal(Exception):
    """An expected failure: rolls the use case back and is answered as data.

    `reason` picks the sentence in `kit.i18n` (default: the code's own sentence); `params` fill it; nothing personal in
    either. `subject` is what the answer shows beside the sentence (who has the number, which fields clash); it is
    never logged.
    """

    def __init__(
        self,
        code: ErrorCode,
        field: str | None = None,
        reason: str | None = None,
        *,
        subject: object = None,
        **params: object,
    ) -> None:
        super().__init__(f"{code.name} {field or ''} {reason or ''}".strip())
        self.code = code
        self.field = field
        self.reason = reason or code.value
        self.subject = subject
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:  # a refusal may come from another process
        build = partial(Refusal, self.code, self.field, self.reason, subject=self.subject, **self.params)
        return build, ()
