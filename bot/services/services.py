"""All use cases together, as the commands find them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

from bot.ports.chat import Wire
from bot.ports.storage import Storage
from bot.services.accounts import Accounts
from bot.services.boards import Boards
from bot.services.calendar import Calendar
from bot.services.daily import Dailies
from bot.services.export import Export
from bot.services.forgetting import Forgetting
from bot.services.groups import Groups
from bot.services.hours import Hours
from bot.services.importing import Importing
from bot.services.linking import Linking
from bot.services.marks import Marks
from bot.services.naming import Naming
from bot.services.progress import Numbers
from bot.services.rounds import Rounds
from bot.services.sets import Sets
from bot.services.study import Study
from bot.services.today import House
from bot.services.undo import Undoing

NO_WIRES: Mapping[str, Wire] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Services:
    """One object a group of use cases.

    ``platforms``: those that can be written to first; ``wires``: the way out to each.
    """

    house: House
    accounts: Accounts
    study: Study
    dailies: Dailies
    groups: Groups
    boards: Boards
    hours: Hours
    calendar: Calendar
    linking: Linking
    forgetting: Forgetting
    export: Export
    naming: Naming
    undoing: Undoing
    rounds: Rounds
    marks: Marks
    numbers: Numbers
    sets: Sets
    importing: Importing

    @classmethod
    def of(
        cls,
        house: House,
        *,
        zone: str,
        bundled: Mapping[str, str],
        platforms: Collection[str] = (),
        wires: Mapping[str, Wire] = NO_WIRES,
    ) -> Self:
        study = Study(house)
        dailies = Dailies(study, platforms)
        return cls(
            house=house,
            accounts=Accounts(house, zone, bundled, platforms),
            study=study,
            groups=Groups(house, wires),
            boards=Boards(study),
            dailies=dailies,
            hours=Hours(dailies),
            calendar=Calendar(dailies),
            linking=Linking(dailies),
            forgetting=Forgetting(house),
            export=Export(house),
            naming=Naming(house),
            undoing=Undoing(study),
            rounds=Rounds(study),
            marks=Marks(house),
            numbers=Numbers(house),
            sets=Sets(house),
            importing=Importing(house),
        )

    def on(self, storage: Storage) -> Self:
        """The same use cases over another storage: that of one turn."""
        house = replace(self.house, storage=storage)
        made = self.of(
            house,
            zone=self.accounts.zone,
            bundled=self.accounts.bundled,
            platforms=self.dailies.platforms,
            wires=self.groups.wires,
        )
        return replace(made, dailies=replace(self.dailies, study=made.study))
