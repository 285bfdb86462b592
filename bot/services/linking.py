"""One learner on several platforms: a code links two accounts, and one account is taken apart again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

import structlog

from bot.domain import linking
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.question import LearnerId
from bot.ports.changes import Changes, Conflict
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Daily, Push
from bot.ports.people import Joined, LinkCode, Parted, Side, Tried, WrongCode
from bot.ports.place import Place
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.ports.rows import Account, Learner, Room
from bot.services import joining, remembering
from bot.services.daily import Dailies, away, key
from bot.services.joining import Pair
from bot.services.titles import called
from bot.services.today import House

log = structlog.get_logger()


@dataclass(slots=True)
class Alarm:
    """Until when it need not be said again that codes are refused."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Linking:
    """Answers belong to accounts: linking moves accounts, and memory is replayed from the answers of all of them."""

    dailies: Dailies
    alarm: Alarm = field(default_factory=Alarm)

    @property
    def _house(self) -> House:
        return self.dailies.study.house

    async def code(self, person: Person) -> str:
        """A new code of the account, in the place of the one before."""
        house, now = self._house, self._house.clock.now()
        drawn = linking.PREFIX + house.ids.letters(linking.ALPHABET, linking.LENGTH)
        known = await house.storage.link_code(person.account_id)
        code = LinkCode(person.account_id, _digest(drawn), now + linking.VALID, 0 if known is None else known.version)
        await house.storage.commit(Changes(updates=(code,)))
        return drawn

    async def pair(self, person: Person, typed: str) -> Pair:
        """The learner who sent a code, and the one of whose accounts it is.

        StudyBotError for a code that is none, was used or has expired (always the same words), after too many of
        them, for a code of one's own, and where both have an account on one platform.
        """
        code, giver = await self._giver(person, typed)
        if giver.learner_id == person.learner.id:
            raise StudyBotError(Text("link.own"))
        sides = [await self._house.storage.side(one) for one in (person.learner.id, giver.learner_id)]
        both = set(sides[0].platforms) & set(sides[1].platforms)
        if both:
            raise StudyBotError(Text("link.platform", {"platform": called(min(both))}))
        older, younger = sorted(sides, key=lambda side: (side.learner.created_at, side.learner.id))
        return Pair(older, younger, code, giver)

    async def _giver(self, person: Person, typed: str) -> tuple[str, Account]:
        """The code in what was typed, and the account that has it. What looks like no code is no try at one."""
        house, now, code = self._house, self._house.clock.now(), linking.parsed(typed)
        account, since = person.account_id, now - linking.WINDOW
        own, everybody, came = await house.storage.wrong_codes(account, since)
        if not linking.is_open(own, everybody, now - came):
            log.info("link code not looked at", own=own, everybody=everybody)
            self._warn(everybody)
            raise StudyBotError(Text("link.wait"))
        if code is None:
            raise StudyBotError(Text("link.wrong"))
        giver = await house.storage.coded(_digest(code), now)
        wrong = () if giver else (WrongCode(house.ids.new(now), account, now),)
        tried = Tried(account, since, *linking.limits(everybody, now - came))
        await house.storage.commit(Changes(inserts=wrong, tries=(tried,)))
        if giver is None:
            log.info("wrong link code", own=own + 1, everybody=everybody + 1)
            self._warn(everybody + 1)
            raise StudyBotError(Text("link.wrong"))
        return code, giver

    def _warn(self, everybody: int) -> None:
        """Says once in a while that codes are refused."""
        now, until = self._house.clock.now(), self.alarm.until
        if everybody >= linking.MOST_ALL and (until is None or now >= until):
            self.alarm.until = now + linking.WINDOW
            log.warning("link codes are refused to the new and the wrong", everybody=everybody)

    async def link(self, person: Person, typed: str, told: Reply) -> Side:
        """The one learner that the code makes of two; StudyBotError as ``pair``.

        Whoever has the account that the code was given to is ``told``: somebody else may have had the code. Where it
        has made one of them already nothing is done: a button can be pressed twice, and that is no try at a code.
        """
        side = await self._house.storage.side(person.learner.id)
        if await self._used(side, typed):
            return side
        pair, house = await self.pair(person, typed), self._house
        older, younger = pair.older, pair.younger
        kept = joining.kept(pair, house.today(older.learner)[1])
        shown, unsent = joining.needless(pair)
        placed = joining.placed(pair, {one.ask_id for one in (*shown, *unsent)})
        joined = Joined(younger.learner.id, kept.id, version=younger.learner.version, seen=older.seen + younger.seen)
        await house.storage.commit(
            Changes(
                updates=(kept, *joining.united(pair), *placed, *joining.daily_of(pair, self.dailies.platforms)),
                outbox=self._taken_away(kept, shown, unsent) | self._courtesy(pair, kept, told),
                people=(joined,),
            )
        )
        await self._replay(person, replace(kept, version=kept.version + 1))
        return await house.storage.side(kept.id)

    async def _used(self, side: Side, code: str) -> bool:
        """Whether a code was that of one of their accounts, and holds no more. Of codes of others it tells nothing."""
        house, digest = self._house, _digest(code)
        own = [await house.storage.link_code(account.id) for account, _ in side.accounts]
        return len(own) > 1 and any(one and one.digest == digest and one.until <= house.clock.now() for one in own)

    def _taken_away(self, kept: Learner, shown: Sequence[Push], unsent: Sequence[Push]) -> dict[str, Outgoing | None]:
        """Daily questions that are needless go from the screen, or never come there."""
        reader, now = Reader(kept.language, kept.script), self._house.clock.now()
        screen = {f"away:{one.ask_id}": away(one.ask_id, one.room_id, reader, now=now) for one in shown if one.ask_id}
        return {**screen, **{key(one): None for one in unsent}}

    def _courtesy(self, pair: Pair, kept: Learner, told: Reply) -> dict[str, Outgoing | None]:
        """The message to the room of the account that the code was given to, where something can be said first."""
        room = pair.room
        if room is None or room.platform not in self.dailies.platforms:
            return {}
        key, reader = f"linked:{pair.giver.id}", Reader(kept.language, kept.script)
        return {key: Outgoing(key, room.id, told, reader, self._house.clock.now(), lane="timed")}

    async def parting(self, person: Person) -> Side:
        """The learner before an account is taken apart; StudyBotError where they have but one.

        Conflict where it was taken apart since the person was read.
        """
        side = await self._house.storage.side(person.learner.id)
        if all(account.id != person.account_id for account, _ in side.accounts):
            raise Conflict("the account is another learner's")
        if len(side.accounts) == 1:
            raise StudyBotError(Text("unlink.nothing"))
        return side

    async def unlink(self, person: Person) -> Side:
        """The account that speaks is a learner of its own, with its own answers and the same settings.

        Each side is as old as its oldest account: should they be linked again, that decides whose settings hold.
        """
        side, house = await self.parting(person), self._house
        account = next(one for one, _ in side.accounts if one.id == person.account_id)
        remaining = next(one for one, _ in side.accounts if one.id != account.id)
        id_ = LearnerId(house.ids.new(house.clock.now()))
        new = replace(side.learner, id=id_, created_at=account.created_at, version=1)
        left = replace(side.learner, created_at=remaining.created_at)
        await house.storage.commit(
            Changes(
                inserts=(new,),
                updates=(
                    left,
                    Place(id_, reached=side.place.reached),
                    *(replace(one, learner_id=id_, version=0) for one in side.enrolments),
                    *_divided(side, account, id_),
                ),
                people=(Parted(account.id, side.learner.id, id_, side.seen),),
            )
        )
        await self._replay(replace(person, learner=left, account_id=remaining.id), left)
        await self._replay(replace(person, learner=new), new)
        return await house.storage.side(id_)

    async def _replay(self, person: Person, learner: Learner) -> None:
        """What is stored is the fold over the answers that are the learner's now; the daily question is planned anew.

        No interval reaches past the exam, be it that of the learner or that of the other whose answers came.
        """
        house, day = self._house, self._house.today(learner)[1]
        found = await house.storage.histories(learner.id)
        rows = {question: remembering.folded(learner, history, question) for question, history in found.items()}
        asked = [row for row in rows.values() if row.aside is None]
        moves = remembering.before_exam(learner, asked, day=day)
        records, moved = remembering.moved(house, person, rows, moves, reason="exam")
        changed = tuple(row for question, row in {**rows, **moved}.items() if row != found[question].memory)
        wakes = await self.dailies.plans(learner)
        await house.storage.commit(Changes(inserts=records, updates=changed, wakes=wakes))


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _divided(side: Side, account: Account, new: LearnerId) -> tuple[Daily, ...]:
    """The daily question stays where it was sent: with the account that goes, or with those that stay."""
    found, own = side.daily, _room(side, account, theirs=True)
    if found is None:
        return ()
    if own is None or found.room_id not in {room.id for room in side.rooms if room.account_id == account.id}:
        return () if own is None else (Daily(new, own.id, offering=False),)
    left = _room(side, account, theirs=False)
    room = found.room_id if left is None else left.id
    quiet = replace(found, room_id=room, rhythm="off", offering=False, fixed=False)
    return replace(found, learner_id=new, version=0), quiet


def _room(side: Side, account: Account, *, theirs: bool) -> Room | None:
    """The newest private room of an account, or of the others."""
    return next((room for room in side.rooms if (room.account_id == account.id) is theirs), None)
