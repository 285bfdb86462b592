"""Now, the study day, and the dice: what every use case is given."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.day import study_day
from bot.ports.clock import Clock
from bot.ports.rows import Learner
from bot.ports.storage import Storage
from bot.services.ids import Ids


@dataclass(frozen=True, slots=True)
class House:
    """What the use cases live on."""

    storage: Storage
    clock: Clock
    dice: Random
    ids: Ids

    def today(self, learner: Learner) -> tuple[datetime, date]:
        """The instant, and the learner's study day, which never goes back."""
        now = self.clock.now()
        return now, study_day(now, ZoneInfo(learner.zone), last=learner.day)

    def day_of(self, learner: Learner, instant: datetime) -> date:
        """The study day of an instant, in the learner's present zone."""
        return study_day(instant, ZoneInfo(learner.zone))

    def incident(self) -> str:
        """A number that a person can tell, and that stands in the log."""
        return format(self.dice.getrandbits(32), "08x")
