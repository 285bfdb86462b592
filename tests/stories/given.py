"""What each story's ``given`` line says in plain words, as a past."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.pick import pick, pickable
from bot.domain.question import Draft, QuestionId
from bot.ports.chat import Need
from tests.stories.past import Did, Past, missed, missed_often, rights, with_hints
from tests.stories.player import Given, History, Player
from tests.stories.sets import Arrange

SLOWEST = "下面哪一种做法最慢"
PARALLEL = "关于数据并行"
GRADIENT = "哪些做法能缓解梯度消失"
CHANGES = "LoRA 训练时会改动原始权重"
MIXED = "混合精度训练"
CASE = "一家公司把信用评分模型"
UPDATES = "LoRA 训练时，更新的是哪一部分"
LOCAL = "局部解释说明的是什么"
INT8 = "把权重从 FP32 换成 INT8"

Drawn = tuple[str, date]  # how a group's question of a day begins

LATER = 30  # days from today: due some time
BEFORE = 9  # days ago: before the present streak, too far for freezes to bridge
LONG_AGO = range(BEFORE, 20)
DAYS = (*range(1, 5), *LONG_AGO)


def _streak(past: Past, days: int) -> None:
    """So many study days in a row, today not among them."""
    for ago in range(1, days + 1):
        past.others(1, Did(ago), due=LATER)


def _single(past: Past) -> None:
    past.every_day(7, 30)
    past.spare(PARALLEL, GRADIENT)
    past.so_that(SLOWEST, missed_often(LONG_AGO), told=11)
    past.did(PARALLEL, Did(BEFORE + 9), Did(BEFORE + 4), Did(4))
    past.others(3, Did(BEFORE + 3), Did(3), Did(1))
    _streak(past, 4)


def _multiple(past: Past) -> None:
    _streak(past, 4)
    past.spare(GRADIENT)
    past.others(1, Did(BEFORE), Did(0, guessed=True))
    past.did(GRADIENT, Did(BEFORE + 3))
    past.others(3, Did(BEFORE + 3), Did(3), Did(1))


def _boolean(past: Past) -> None:
    _streak(past, 4)
    past.spare(CHANGES)
    past.others(1, Did(BEFORE), Did(0, guessed=True))
    past.others(1, Did(BEFORE), Did(0, "partial"))
    past.so_that(CHANGES, missed_often(DAYS), told=6)
    past.others(2, Did(BEFORE + 3), Did(3), Did(1))


def _blank(past: Past) -> None:
    _boolean(past)
    past.did(CHANGES, Did(BEFORE), Did(0), due=6)
    past.so_that(MIXED, missed_often(DAYS), told=8)


def _case(past: Past) -> None:
    _streak(past, 4)
    past.others(3, Did(0), due=LATER)
    past.others(1, *missed(0), due=1)
    past.spare(CASE)
    past.others(len(past.questions) - 4 - len(past.done), Did(BEFORE), due=LATER)
    past.others(3, Did(BEFORE), due=LATER, kind="case")


def _third_day(past: Past) -> None:
    past.spare(PARALLEL, CHANGES)
    _streak(past, 2)
    past.did(CHANGES, Did(BEFORE), Did(2))


def _by_the_channel(past: Past) -> None:
    """Three days up to yesterday, and the answer of today that the story only mentions."""
    past.spare(GRADIENT, MIXED)
    _streak(past, 3)
    past.others(1, Did(0), due=LATER)
    past.so_that(GRADIENT, missed_often(DAYS), told=4, due=1, ahead=1)
    past.so_that(MIXED, missed_often(DAYS), told=8, due=1, ahead=1)
    past.others(3, Did(BEFORE + 3), Did(3), due=1)


def _comeback(past: Past) -> None:
    """Most likely forgotten: first what was learned long ago, and weeks later what was seen but once."""
    past.every_day(7, 30)
    past.spare(CHANGES)
    past.did(SLOWEST, Did(160), Did(150))
    past.did(INT8, Did(190), Did(180), due=1)
    past.so_that(CHANGES, rights(range(1, 12)), told=40, ahead=44)
    past.others(7, Did(3), Did(2), Did(1))
    for ago in range(4, 12):
        past.others(1, Did(ago), due=2 * LATER)


def _set_end(past: Past) -> None:
    past.spare("int8-accuracy")
    past.others(3, Did(0), due=LATER)
    past.others(1, *missed(0), due=LATER)
    past.others(3, Did(BEFORE), due=1)
    past.others(4, Did(BEFORE), due=LATER, kind="case")
    past.others(len(past.questions) - 1 - len(past.done), Did(BEFORE), due=LATER)


def _unanswered(hour: int, minute: int = 0) -> History:
    """Four daily questions at that hour that nobody answered."""
    return lambda past: past.every_day(hour, minute, unanswered=4)


def _two_answers(past: Past) -> None:
    past.spare(CHANGES)
    past.others(2, Did(0), due=LATER)


def _two_of_today(past: Past) -> None:
    past.others(2, Did(0), due=LATER)


def _each_day(past: Past) -> None:
    past.every_day(7, 30)
    past.others(10, Did(1), due=LATER)


def _grown_quiet(past: Past) -> None:
    past.every_day(20, unanswered=4)
    past.others(10, Did(BEFORE), due=LATER)


def _goal_done(past: Past) -> None:
    past.every_day(7, 30)
    past.others(5, Did(0), due=LATER)
    _streak(past, 5)


def _menu(past: Past) -> None:
    past.reached = 12
    past.spare(INT8)
    past.so_that(UPDATES, with_hints(DAYS), told=9)
    past.did(CHANGES, *missed(BEFORE + 10))
    past.others(1, Did(BEFORE + 3), Did(1), section="SHAP 与归因")
    past.others(2, Did(1), due=1, section="量化与剪枝")
    past.others(5, *missed(2), due=LATER, section="SHAP 与归因")
    _streak(past, 5)
    past.others(1, Did(0), due=LATER)
    past.others(38 - len(past.done), Did(BEFORE), due=LATER)
    past.stars = [question for question, _ in past.questions[:3]]


def _mistakes(past: Past) -> None:
    past.did(LOCAL, *missed(BEFORE + 5), due=LATER)
    past.so_that(SLOWEST, missed_often(LONG_AGO), told=5, due=4)
    for stem in (CHANGES, GRADIENT, MIXED):
        past.did(stem, *missed(BEFORE + 10), Did(BEFORE), due=LATER)
    past.others(4, *missed(3), due=2, section="LoRA 与微调")
    past.others(3, Did(5), due=1)
    past.others(6, Did(4), due=5)
    past.others(2, Did(2), due=LATER)
    past.others(2, Did(1), due=LATER)
    past.others(4, Did(0), due=LATER)
    past.others(1, Did(0, "partial"), due=LATER, kind="case")
    past.others(38 - len(past.done), Did(BEFORE), due=LATER)


def _yesterday(past: Past) -> None:
    past.spare(UPDATES)
    past.others(3, Did(1), due=LATER)


def _away(past: Past) -> None:
    past.others(12, Did(24), Did(21))


def _one_missed(past: Past) -> None:
    past.others(2, Did(4), Did(2))
    past.others(1, Did(3), due=LATER)


def _two_missed(past: Past) -> None:
    past.others(2, Did(5), Did(3))
    past.others(1, Did(4), due=LATER)


def _forgotten(past: Past) -> None:
    past.did("lora-updates", Did(40), *(one for ago in range(30, 2, -4) for one in missed(ago)))
    past.others(1, Did(40), due=LATER)


GIVEN: Mapping[str, Given] = {
    "02a-morning-single.zh": _single,
    "02b-morning-multiple.zh": _multiple,
    "02c-morning-boolean.zh": _boolean,
    "02d-morning-blank.zh": _blank,
    "02e-morning-case.zh": _case,
    "03a-discord-channel.zh": {"mei": _third_day},
    "03b-discord-dm.zh": _by_the_channel,
    "04b-group-setup.zh": {"hua": _yesterday},
    "06-group-daily.zh": {"zhou": _yesterday},
    "07-comeback.zh": _comeback,
    "09-set-end.zh": {
        "zhou": _unanswered(7, 30),
        "shi": _unanswered(12, 30),
        "hua": _unanswered(20),
        "lin": _set_end,
        "mei": _two_answers,
        "wei": _two_answers,
    },
    "10-study-menu.zh": _menu,
    "12-sets-settings.zh": _goal_done,
    "11-mistakes-star-stats.zh": _mistakes,
    "comeback": _away,
    "freeze": _one_missed,
    "freezes": _two_missed,
    "leech": _forgotten,
    "end": _set_end,
    "consent": {"lin": _two_of_today, "mei": _two_of_today, "wei": _two_of_today},
    "snooze": _each_day,
    "weekly": {"zhou": _unanswered(7, 30), "shi": _unanswered(12, 30), "hua": _unanswered(20)},
    "silence": _grown_quiet,
}

HOURS: Mapping[str, int] = {
    "03a-discord-channel.zh": 12,
    "06-group-daily.zh": 12,
    "noon": 12,
    "channel": 12,
    "typed": 12,
}  # the group's, where it studies already

NEEDS: Mapping[str, tuple[Need, ...]] = {"14-discord-setup.zh": ("say", "thread")}  # what the bot lacks in the channel
MANAGER = "hua"  # may manage the server then


PHONE = frozenset({"joined"})  # where the person of the story has an account on Telegram, and a code of it


async def begin(player: Player, name: str) -> None:
    """All is as the story with that name finds it."""
    base = name.partition(".")[0]  # one past in all languages
    hour = HOURS.get(name, HOURS.get(base))
    if hour is not None:
        await player.set_up(hour)
    if name in NEEDS:
        player.office.screens.needs[player.shared] = NEEDS[name]
        player.office.screens.admins |= {(player.shared, MANAGER)}
    if base in PHONE:
        await player.phone()
    given = GIVEN.get(name, GIVEN.get(base))
    if given is not None:
        await player.past(given)


def _sections_first(drafts: list[Draft]) -> list[Draft]:
    """The menu's sections in its order, and question 13 where the paper's order goes on."""
    rank = {"SHAP 与归因": 0, "LoRA 与微调": 1, "量化与剪枝": 2}
    shown = [draft for stem in (UPDATES, CHANGES, INT8) for draft in drafts if draft.stem.startswith(stem)]
    rest = sorted((one for one in drafts if one not in shown), key=lambda one: rank.get(one.topics[0], len(rank)))
    if not shown:
        return drafts  # the other set
    return [*rest[:9], *shown[:2], rest[9], shown[2], *rest[10:]]


def _drawn_first(drafts: list[Draft], room: str, drawn: Sequence[Drawn]) -> list[Draft]:
    """Those questions stand where the dice of a room, by its native id, fall on those days, one after the other."""
    found = [next((one for one in drafts if one.stem.startswith(stem)), None) for stem, _ in drawn]
    if None in found:
        return drafts  # the other set
    fit = [one for one in drafts if pickable(one.kind, one.doubts)]
    order = [one for one in fit if one not in found]
    for shown, (_, day) in reversed([*zip(found, drawn, strict=True)]):
        place = pick([QuestionId(at) for at in range(len(order) + 1)], (), room=room, day=day)
        order.insert(place or 0, shown)  # type: ignore[arg-type]  # all were found
    rest = iter(order)
    return [next(rest) if one in fit else one for one in drafts]


DRAWN: Mapping[str, Sequence[Drawn]] = {
    "03a-discord-channel.zh": [(PARALLEL, date(2026, 11, 24))],
    "06-group-daily.zh": [(UPDATES, date(2026, 11, 25))],
    "14-discord-setup.zh": [(CHANGES, date(2026, 11, 25))],
    "noon.en": [("LoRA changes the original", date(2026, 11, 25))],
    "noon.zh-Hant": [("LoRA 训练时会改动", date(2026, 11, 25))],
    "group.en": [("What does LoRA gain", date(2026, 11, 25)), ("Kernel SHAP assumes", date(2026, 11, 26))],
    "group.zh-Hans": [("ZeRO 第一阶段", date(2026, 11, 25)), ("FlashAttention 比标准", date(2026, 11, 26))],
    "group.zh-Hant": [("同步数据并行把总批量", date(2026, 11, 25)), (SLOWEST, date(2026, 11, 26))],
}


def arranged(name: str, room: str) -> Arrange | None:
    """The order of the questions that the story with that name needs, where its room has that native id."""
    if name == "10-study-menu.zh":
        return _sections_first
    drawn = DRAWN.get(name)
    return None if drawn is None else lambda drafts: _drawn_first(drafts, room, drawn)
