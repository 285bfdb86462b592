"""Somebody busy on a phone: answers whatever is asked and asks for more, as soon as it is there."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.life.phones import Phone, Sheet

THUMB = timedelta(seconds=1)  # a second tap within 0.8 s is none


@dataclass
class Learner:
    """``answered`` has the press by which each ask was answered, ``followed`` that below each verdict for more."""

    phone: Phone
    dice: Random
    answered: dict[int, str] = field(default_factory=dict)
    followed: dict[int, str] = field(default_factory=dict)

    def acts(self) -> bool:
        """Presses what there is to press; whether there was anything."""
        return any(self._pressed(sheet) for sheet in reversed(self.phone.newest()) if sheet.actions)

    @property
    def acknowledged(self) -> set[int]:
        """The asks whose answer ended the waiting of the press."""
        return {ask for ask, press in self.answered.items() if self.phone.acknowledged(press)}

    @property
    def told(self) -> set[int]:
        """The asks under which a verdict can be read."""
        return {ask for ask, press in self.answered.items() if self.phone.told(press)}

    def _pressed(self, sheet: Sheet) -> bool:
        actions = [action for name, action in sheet.actions.items() if name != "Hint"]  # a hint is no answer
        options = [action for action in actions if action.startswith("a:")]
        if options:
            action = self.dice.choice(options)
            return self._press(sheet, action, of=int(action.split(":")[1]), known=self.answered)
        more = next((action for action in actions if action.startswith("n:") or action == "m"), None)
        just_now = sheet.edited is not None and self.phone.now() < sheet.edited + THUMB
        if more is None or just_now:
            return False
        return self._press(sheet, more, of=sheet.id, known=self.followed)

    def _press(self, sheet: Sheet, action: str, *, of: int, known: dict[int, str]) -> bool:
        """Pressed once, and again where the phone says that it failed."""
        if of in known and not self.phone.failed(known[of]):
            return False
        known[of] = self.phone.presses(action, sheet.id)
        return True
