"""Lives through the last days, so that the first screen shows cards as they stand in the middle of a day's work."""

from datetime import datetime
from random import Random

from shuke.app.demo.calendar import Calendar, sorted_id
from shuke.app.demo.leads import ask_overnight
from shuke.app.demo.load import House
from shuke.app.demo.people import SEED, STAFF
from shuke.app.wiring import WIRING
from shuke.domains.journeys import service as journeys
from shuke.domains.tasks import queries
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock
from shuke.kit.events import Dispatcher

BATCH = 1000
MORNING, FORENOON, NIGHT = 9 * 60 + 5, 10 * 60 + 5, 21 * 60
THANKED = (Outcome.REACHED, Outcome.REACHED, Outcome.VISIT_BOOKED)


async def rehearse(house: House, calendar: Calendar) -> None:
    """Three days ago some bought for the first time and were thanked the day after; yesterday a silence was noticed and
    left; some asked at night; what is due today is on the cards, whatever time of day it is now.
    """
    await Dispatcher(WIRING).drain()
    await journeys.follow_all_children(house.brand_id)
    await _timers(calendar.moment(3, NIGHT))
    await _work(house, calendar.moment(2, FORENOON))
    for moment in (calendar.moment(1, MORNING), calendar.moment(1, NIGHT), calendar.moment(0, FORENOON)):
        await _timers(moment)
    await ask_overnight(house.brand_id, calendar)
    await Dispatcher(WIRING).drain()


async def _timers(moment: datetime) -> None:
    with clock.pretended(moment):
        while await journeys.sweep_enrolments(BATCH):
            pass


async def _work(house: House, moment: datetime) -> None:
    """Everybody at a counter closes what lies on her list."""
    rng = Random(f"{SEED}/work")
    with clock.pretended(moment):
        for number in (n for n, employee in enumerate(STAFF) if employee.serves):
            actor = house.actor(number)
            for card in (await queries.today(actor, 20)).open:
                await tasks.record_outcome(actor, sorted_id(rng, moment), card.id, rng.choice(THANKED))
