"""A store's wall clock: moments (UTC) to its days and hours, and back. Pure, so that rules may use it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment on a store's wall."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_local(day: date, hour: int, zone: str, minute: int = 0) -> datetime:
    """That hour of that day on a store's wall, in UTC."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(moment: datetime, zone: str) -> datetime:
    """The first moment of the store's next day, in UTC."""
    return at_local(local_date(moment, zone) + timedelta(days=1), 0, zone)
