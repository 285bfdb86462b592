"""Where on Discord a group is set up: a channel, a thread below it, a server where the bot itself is not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from discord import Permissions

from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.platforms.campus import Campus, set_up
from tests.services.test_groups import at

WHICH = "每日一题发到哪个频道？"
SETTLED = "好，明天 12:00 在「daily」见，20:00 公布答案。想改或停，在频道里发 /settings。"
ADMINS = "这一步要服务器管理员来。你可以先自己练：发 /study。"
OWN, EXAM = "目标：每天 5 题", "哪天考？"
NOT_HERE = (
    "I am not a member here, so the daily question cannot come: "
    "someone who manages the server presses “Add to server”, then sends /setup in a channel."
)
ABSENT = "我不是这里的成员，每日一题发不过来：请管理服务器的人点「加到服务器」，再在频道里发 /setup。"
LOST = (
    "「daily」的题发不出去了：频道没有了，或者我不在那个服务器里了。\n恢复以后点「再查一次」，或者在别的频道发 /setup。"
)
GONE = "那个频道不在了，或者我不在那个服务器里了。先把我加回去，或者换个频道发 /setup。"


def abroad(campus: Campus, owner: Person, *members: Person) -> Channel:
    """A channel of a server where nobody added the bot; who has it for themselves uses it there."""
    for person in (owner, *members):
        person.installs()
    return campus.wire.server.world.guild("abroad", owner=owner, members=members).channel("daily")


@pytest.mark.parametrize("archived", [False, True])
async def test_a_server_is_set_up_from_a_thread(campus: Campus, archived: bool) -> None:  # noqa: FBT001 - a column
    """For who runs the server, as in its channels, however long nobody spoke there; the daily comes to a channel."""
    thread = campus.daily.opens("small talk")
    if archived:
        thread.archives()
    told = [await campus.uses(who, "/setup", thread) for who in (campus.lin, campus.hua)]
    campus.hua.picks_channel("daily", channel=thread)
    await campus.wire.quiet()
    await campus.presses(campus.hua, "每天 12:00", thread)
    settled = await campus.presses(campus.hua, "算术 · 6 题", thread)
    await campus.until(at(25, 12))

    assert (told, settled) == ([ADMINS, WHICH], SETTLED)
    assert len(campus.seen(campus.zhou, campus.daily)) == 1
    assert campus.seen(campus.zhou, thread) == []


async def test_in_a_thread_all_else_is_ones_own(campus: Campus) -> None:
    """The channel's page is the channel's; a question that waits in the channel comes into the thread."""
    await set_up(campus)
    thread = campus.daily.opens("small talk")
    page = await campus.uses(campus.hua, "/settings", campus.daily)
    own = [await campus.uses(campus.hua, words, thread) for words in ("/settings", "/exam")]
    question = (await campus.uses(campus.lin, "/study", campus.daily)).partition("\n")[0]
    brought = await campus.uses(campus.lin, "/study", thread)

    assert ("「daily」" in page, OWN in own[0], EXAM in own[1]) == (True, True, True)
    assert question in brought


@pytest.mark.parametrize(
    ("locale", "told", "label"),
    [
        ("zh-CN", ABSENT, "加到服务器"),
        (
            "zh-TW",
            "我不是這裡的成員，每日一題發不過來：請管理伺服器的人點「加到伺服器」，再在頻道裡發 /setup。",
            "加到伺服器",
        ),
        ("en-US", NOT_HERE, "Add to server"),
    ],
)
async def test_where_the_bot_is_not_it_says_how_it_is_added(campus: Campus, locale: str, told: str, label: str) -> None:
    """To whoever asks, alone; the button leads to Discord's own page, with all that the bot needs there."""
    ann, bob = (campus.wire.server.person(name, locale=locale) for name in ("ann", "bob"))
    where = abroad(campus, ann, bob)
    found = [await campus.uses(person, "/setup", where) for person in (ann, bob)]
    ann.presses(label, channel=where)
    address = urlsplit(ann.opened[0])
    query = parse_qs(address.query)

    assert found == [told] * 2
    assert (address.netloc, address.path) == ("discord.com", "/oauth2/authorize")
    assert (query["client_id"], query["scope"]) == (["4242"], ["bot applications.commands"])
    assert {name for name, given in Permissions(int(query["permissions"][0])) if given} == {
        "read_messages",
        "send_messages",
        "attach_files",
        "create_public_threads",
        "send_messages_in_threads",
    }


async def test_once_it_is_added_it_is_set_up(campus: Campus) -> None:
    """Until then all that is one's own works there."""
    where = abroad(campus, campus.eve)
    own = [await campus.uses(campus.eve, words, where) for words in ("/settings", "/exam")]
    before = await campus.uses(campus.eve, "/setup", where)
    assert where.guild is not None
    where.guild.adds_bot()
    await campus.wire.quiet()

    assert (OWN in own[0], EXAM in own[1], before) == (True, True, ABSENT)
    assert await campus.uses(campus.eve, "/setup", where) == WHICH


async def test_thrown_out_it_says_so_and_goes_on_when_it_is_back(campus: Campus) -> None:
    """What was set up there waits: it cannot be changed, who set it up is told once, and nothing is lost."""
    await set_up(campus)
    await campus.uses(campus.hua, "/settings", campus.daily)
    guild = campus.daily.guild
    assert guild is not None
    for person in (campus.hua, campus.lin):
        person.installs()
    guild.removes_bot()
    await campus.wire.quiet()
    pressed = await campus.presses(campus.hua, "改时间", campus.daily)
    asked = [await campus.uses(campus.hua, words, campus.daily) for words in ("/setup", "/settings", "/exam")]
    other = await campus.uses(campus.lin, "/settings", campus.daily)
    await campus.until(at(26, 12))
    complained = campus.seen(campus.hua)
    guild.adds_bot()
    await campus.wire.quiet()
    back = await campus.uses(campus.hua, "/settings", campus.daily)
    await campus.until(at(27, 12))

    assert (pressed, asked[0], [one.text for one in complained]) == (GONE, ABSENT, [LOST])
    assert (OWN in asked[1], EXAM in asked[2], OWN in other) == (True, True, True)
    assert "「daily」" in back
    assert len([one for one in campus.seen(campus.zhou, campus.daily) if not one.private]) == 1
