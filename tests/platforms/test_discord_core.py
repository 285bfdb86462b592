"""What people on Discord see of the whole core, over the wire."""

from dataclasses import replace

import pytest

from bot.__main__ import greeting
from bot.router import Router
from bot.settings import Settings
from bot.texts import language_of
from tests.fakes.discord_messages import Message
from tests.fakes.discord_people import Person
from tests.platforms.campus import Campus, set_up
from tests.platforms.test_discord_speaker import SEND
from tests.services.test_groups import at

REFUSED = "「daily」的题发不出去了：我在那里没有「发送消息」的权限。\n请在这个频道的权限设置里打开，再点「再查一次」。"


async def test_a_question_that_is_refused(campus: Campus) -> None:
    """Who set the channel up is told once which permission is missing, and what is there again once they gave it."""
    await set_up(campus)
    campus.daily.forbids("send_messages")
    await campus.until(at(27, 12))
    told = [one.text for one in campus.seen(campus.hua)]
    campus.daily.allows("send_messages")
    mended = await campus.presses(campus.hua, "再查一次")
    await campus.until(at(28, 12))

    assert told == [REFUSED]
    assert mended == "好，明天 12:00 在「daily」见，20:00 公布答案。想改或停，在频道里发 /settings。"
    assert len(campus.seen(campus.lin, campus.daily)) == 1


async def test_a_question_that_waits_in_another_place(campus: Campus) -> None:
    """/study brings it where its learner is, seen by them alone; there a second time the menu."""
    await campus.uses(campus.lin, "/study")
    question = campus.seen(campus.lin)[-1].text.partition("\n")[0]
    brought = await campus.uses(campus.lin, "/study", campus.daily)
    menu = await campus.uses(campus.lin, "/study", campus.daily)
    back = await campus.uses(campus.lin, "/study")
    verdict = await campus.presses(campus.lin, "不会", campus.daily)

    assert (question in brought, question in menu, question in back) == (True, False, True)
    assert "记下了" in verdict
    assert [one.text for one in campus.seen(campus.zhou, campus.daily)] == []


@pytest.mark.parametrize(("language", "told"), [("zh-Hant", "沒看懂。"), (None, "I did not understand.")])
async def test_a_first_text_is_answered_in_the_language_that_is_set(
    campus: Campus, language: str | None, told: str
) -> None:
    """Discord tells none with a text: then it is that of the settings, else English; with a command it is told."""
    chosen = Settings(language=language)  # type: ignore[arg-type]  # one of three
    campus.wire.core = Router(campus.services, greeting(chosen)).handle
    campus.zhou.says("你好")
    await campus.wire.quiet()
    first = " ".join(one.text for one in campus.seen(campus.zhou))
    commanded = await campus.uses(campus.lin, "/help")

    assert told in first
    assert "进度" in commanded


async def test_a_bot_admin_renames_a_set(campus: Campus) -> None:
    """The title is typed into a form that says so, in its place, by direct message; in a channel nobody renames."""
    trusting = replace(campus.services, admins={("discord", str(campus.lin.id))})
    campus.wire.core = Router(trusting, language_of).handle
    for where in (None, campus.daily):
        await campus.uses(campus.lin, "/sets", where)
        await campus.presses(campus.lin, "✓ 算术 · 6 题", where)
    shown = [labels(campus.newest(campus.lin, where)) for where in (None, campus.daily)]
    await campus.presses(campus.lin, "改名")
    await campus.presses(campus.lin, "作答")
    assert campus.lin.form is not None
    (field,), before = campus.lin.form[1]["components"], campus.seen(campus.lin)
    campus.lin.fills({field["label"]: "加减法"})
    await campus.wire.quiet()
    told = campus.seen(campus.lin)[-1].text

    assert shown == [["退出", "改名", "返回"], ["退出", "返回"]]
    assert before[-1].text.startswith(field["description"])
    assert (told, len(campus.seen(campus.lin))) == ("好，这个题库叫「加减法」。", len(before))
    assert "还叫「算术」" in await campus.presses(campus.lin, "撤销")


async def test_a_mention_is_answered_in_the_rooms_words(campus: Campus) -> None:
    """In a channel that was set up in its own, else in those of who speaks, and only then in the server's."""
    await campus.uses(campus.lin, "/study")
    unknown, learner = await mentioned(campus, campus.zhou), await mentioned(campus, campus.lin)
    await set_up(campus)

    assert unknown == "For you alone: press here."
    assert learner == await mentioned(campus, campus.zhou) == "只给你看，点这里。"


async def mentioned(campus: Campus, who: Person) -> str:
    """What all see below somebody's mention of the bot."""
    who.says("@Studybot hi", channel=campus.daily)
    await campus.wire.quiet()
    return str(campus.seen(who, campus.daily)[-1].text.partition("\n")[0])


def labels(message: Message) -> list[str]:
    """What can be pressed on a message."""
    return [inner["label"] for row in message.components for inner in row.get("components", ()) if "label" in inner]


async def test_taken_away_before_it_was_known_to_have_arrived(campus: Campus) -> None:
    """A question that an administrator deleted meanwhile does not come back as its answer."""
    await set_up(campus)
    campus.wire.server.drop(SEND, after=True)
    await campus.until(at(25, 12))
    campus.daily.change(campus.newest(campus.lin, campus.daily), deleted=True)
    await campus.until(at(25, 20, 1))

    assert campus.seen(campus.lin, campus.daily) == []
