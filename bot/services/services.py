"""All use cases together, as the commands find them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.services.accounts import Accounts
from bot.services.importing import Importing
from bot.services.marks import Marks
from bot.services.progress import Numbers
from bot.services.rounds import Rounds
from bot.services.sets import Sets
from bot.services.study import Study
from bot.services.today import House
from bot.services.undo import Undoing


@dataclass(frozen=True, slots=True)
class Services:
    """One object a group of use cases."""

    accounts: Accounts
    study: Study
    undoing: Undoing
    rounds: Rounds
    marks: Marks
    numbers: Numbers
    sets: Sets
    importing: Importing

    @classmethod
    def of(cls, house: House, *, zone: str, bundled: Mapping[str, str]) -> Self:
        study = Study(house)
        return cls(
            accounts=Accounts(house, zone, bundled),
            study=study,
            undoing=Undoing(study),
            rounds=Rounds(study),
            marks=Marks(house),
            numbers=Numbers(house),
            sets=Sets(house),
            importing=Importing(house),
        )
