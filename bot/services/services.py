"""All use cases together, as the commands find them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from bot.ports.chat import Incoming, Wire
from bot.ports.storage import Storage
from bot.services.accounts import Accounts
from bot.services.boards import Boards
from bot.services.broadcasts import Broadcasts
from bot.services.calendar import Calendar
from bot.services.daily import Dailies
from bot.services.export import Export
from bot.services.forgetting import Forgetting, Scrubbed
from bot.services.groups import Groups
from bot.services.hours import Hours
from bot.services.importing import Importing
from bot.services.linking import Alarm, Linking
from bot.services.losses import Losses
from bot.services.marks import Marks
from bot.services.mornings import Crowd, Mornings
from bot.services.naming import Naming
from bot.services.progress import Numbers
from bot.services.rounds import Rounds
from bot.services.sets import Sets
from bot.services.study import Study
from bot.services.today import House
from bot.services.undo import Undoing


@dataclass(frozen=True, slots=True)
class Services:
    """One object a group of use cases, made when it is asked for: most messages need few of them.

    ``zone`` and ``bundled`` are those of Accounts. ``platforms``: those that can be written to first; ``wires``: the
    way out to each. ``admins``: the bot admins, each by platform and native account id.
    """

    house: House
    zone: str
    bundled: Mapping[str, str]
    platforms: Collection[str] = ()
    wires: Mapping[str, Wire] = field(default_factory=dict)
    crowd: Crowd = field(default_factory=Crowd)
    scrubbed: Scrubbed = field(default_factory=Scrubbed)
    alarm: Alarm = field(default_factory=Alarm)
    admins: Collection[tuple[str, str]] = ()

    def on(self, storage: Storage) -> Self:
        """The same use cases over another storage: that of one turn."""
        house = House(storage, self.house.clock, self.house.dice, self.house.ids)
        return replace(self, house=house)

    def runs_sets(self, incoming: Incoming) -> bool:
        """Whether a bot admin speaks, in private: what a room shows is not for them alone."""
        private = not incoming.group and not incoming.here
        return private and (incoming.platform, incoming.account) in self.admins

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.house, self.zone, self.bundled, self.platforms)

    @property
    def study(self) -> Study:
        return Study(self.house)

    @property
    def dailies(self) -> Dailies:
        return Dailies(self.study, self.platforms)

    @property
    def mornings(self) -> Mornings:
        return Mornings(self.dailies, self.crowd)

    @property
    def groups(self) -> Groups:
        return Groups(self.house, self.wires)

    @property
    def losses(self) -> Losses:
        return Losses(self.groups)

    @property
    def boards(self) -> Boards:
        return Boards(self.study)

    @property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(self.house)

    @property
    def hours(self) -> Hours:
        return Hours(self.dailies)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.dailies)

    @property
    def linking(self) -> Linking:
        return Linking(self.dailies, self.alarm)

    @property
    def forgetting(self) -> Forgetting:
        return Forgetting(self.house, self.scrubbed)

    @property
    def export(self) -> Export:
        return Export(self.house)

    @property
    def naming(self) -> Naming:
        return Naming(self.house)

    @property
    def undoing(self) -> Undoing:
        return Undoing(self.study)

    @property
    def rounds(self) -> Rounds:
        return Rounds(self.study)

    @property
    def marks(self) -> Marks:
        return Marks(self.house)

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.house)

    @property
    def sets(self) -> Sets:
        return Sets(self.house)

    @property
    def importing(self) -> Importing:
        return Importing(self.house)
