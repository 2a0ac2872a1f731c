"""A long turn gives signs of life while it gets on, so that it is not taken for one that is stuck."""

import asyncio
from typing import Any

from shuke.app import heartbeat
from shuke.app.worker import _sweep_forever
from shuke.domains.predictions import service
from shuke.kit import pulse
from tests.factories import make_world, system
from tests.factories.predictions import habits


class Counted(heartbeat.Pulse):
    """How often each loop said that it lives."""

    def __init__(self) -> None:
        super().__init__()
        self.signs: list[str] = []

    def passed(self, loop: str) -> None:
        super().passed(loop)
        self.signs.append(loop)


async def test_each_step_of_learning_and_scoring_is_a_sign_of_life(database: str) -> None:
    world = await make_world()
    await habits(world, 700)
    await service.retrain(await system(world))
    signs: list[int] = []
    turns = 0
    with pulse.heard_by(lambda: signs.append(turns)):
        while await service.sweep_predictions(10):
            turns += 1
    learning = signs.count(0)
    assert turns == 2 and learning > 8  # tables, windows of two spans, models: each beats when it begins and ends
    assert signs.count(1) >= 2  # a chunk of customers, and the turn


async def test_a_sweep_that_takes_long_is_not_stuck_while_it_beats(monkeypatch: Any) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.01)
    known, stop = Counted(), asyncio.Event()
    before: list[float] = []

    async def sweep_slow(limit: int) -> int:
        await asyncio.sleep(0.05)
        before.append(known.slowest()[1])
        async with pulse.patience(60):
            while len(known.signs) < 5:  # the first is the loop's own
                await asyncio.sleep(0.001)
        stop.set()
        return 1

    async with asyncio.timeout(30):
        await _sweep_forever(sweep_slow, stop, known)
    assert set(known.signs) == {"slow"} and before[0] >= 0.05


async def test_a_step_that_takes_longer_than_it_may_gives_no_more_signs(monkeypatch: Any) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.001)
    signs: list[None] = []
    with pulse.heard_by(lambda: signs.append(None)):
        async with pulse.patience(0.02):
            await asyncio.sleep(0.1)
            many = len(signs)
            await asyncio.sleep(0.1)
            assert len(signs) == many >= 1
        assert len(signs) == many + 1  # it ended after all


async def test_nobody_need_listen() -> None:
    pulse.beat()
    async with pulse.patience(1):
        pass
