"""The clocks of the program: the machine's, and the one that a test holds."""

import asyncio
from datetime import timedelta

from bot.clock import EPOCH, MANY, HeldClock, SystemClock, wall


async def test_the_machines_clock_wakes_nobody_early() -> None:
    """Who sleeps until an instant finds it past; an instant that is over lets the others run once."""
    clock = SystemClock()
    until = clock.now() + timedelta(milliseconds=20)
    other = asyncio.ensure_future(asyncio.sleep(0, 1))
    await clock.sleep_until(until)
    woken = clock.now()
    await clock.sleep_until(until)

    assert woken >= until
    assert other.done()


async def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    """An hour back while somebody sleeps: they wake when as long has passed as was left."""
    back = [timedelta(0), timedelta(0), timedelta(hours=1)]
    clock = SystemClock(lambda: wall() - (back.pop(0) if len(back) > 1 else back[0]))

    await asyncio.wait_for(clock.sleep_until(wall() + timedelta(milliseconds=20)), 30)


async def test_a_held_clock_forgets_who_sleeps_no_more() -> None:
    """Thousands who were to sleep for ever and were woken otherwise leave nothing behind."""
    clock = HeldClock("nowhere")
    for _ in range(10 * MANY):
        try:
            async with asyncio.timeout(0):
                await clock.sleep_until(EPOCH + timedelta(days=9999))
        except TimeoutError:
            continue

    assert len(clock._sleepers) <= MANY + 1
