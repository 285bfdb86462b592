"""The question kinds: one module each, listed here."""

from bot.domain.kind import Kind
from bot.domain.kinds import blank, boolean, case, multiple, single
from bot.domain.question import KindName

KINDS: tuple[Kind, ...] = (single, multiple, boolean, blank, case)
BY_NAME: dict[KindName, Kind] = {kind.NAME: kind for kind in KINDS}
