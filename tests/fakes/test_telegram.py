"""The fake Telegram does what Telegram does, tried with a stock library and with bare HTTP."""

import asyncio
import html
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, FormData
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError

from tests.fakes.clock import Frozen
from tests.fakes.telegram import Telegram
from tests.fakes.telegram_chats import Person
from tests.fakes.telegram_rules import SPEC, Refused, Spec, formatted, specification, units

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 30) + b"\0" * 9
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("A 全部原始权重", callback_data="a:1:0")],
        [InlineKeyboardButton("看解析", url="https://t.me/study_test_bot?start=why_1")],
    ]
)


@pytest.fixture
def clock() -> Frozen:
    return Frozen()


@pytest.fixture
async def server(clock: Frozen) -> AsyncIterator[Telegram]:
    async with Telegram(clock.now) as running:
        yield running


@pytest.fixture
async def bot(server: Telegram) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession(timeout=ClientTimeout(total=5)) as session:
        yield session


@pytest.fixture
def lin(server: Telegram) -> Person:
    """Somebody whom the bot may write to, and whose first message is out of the way."""
    person = server.person("lin", language_code="zh-hans")
    person.says("/start")
    server.world.updates.clear()
    return person


@pytest.fixture
def spec() -> Spec:
    found = specification()
    if found is None:
        pytest.skip(f"ABSENT: {SPEC.name} of ../shared/specs; nothing is compared with the specification")
    return found


async def call(http: ClientSession, server: Telegram, method: str, **fields: Any) -> Any:
    """What a call with a JSON body is answered."""
    async with http.post(f"{server.url}/bot{server.token}/{method}", json=fields) as response:
        return await response.json()


async def refusal(http: ClientSession, server: Telegram, method: str, **fields: Any) -> tuple[int, str]:
    """Code and words of a call that is refused."""
    told = await call(http, server, method, **fields)
    return told["error_code"], told["description"]


async def test_a_person_types_and_reads(server: Telegram, bot: Bot) -> None:
    """A typed command arrives with all that a library needs, and the answer is seen as people see it."""
    lin = server.person("lin", language_code="zh-hans")
    lin.says("/start set_xai")
    (update,) = await bot.get_updates()
    assert update.message
    await bot.send_message(lin.id, "<b>LoRA</b> &lt;1&gt;", parse_mode="HTML", reply_markup=KEYBOARD)
    (_, seen) = lin.chat.seen(lin)

    assert update.message.parse_entities(["bot_command"]) == {update.message.entities[0]: "/start"}
    assert update.message.from_user
    assert update.message.from_user.language_code == "zh-hans"
    assert (seen.by, seen.text, seen.keyboard) == ("", "LoRA <1>", (("A 全部原始权重",), ("看解析",)))
    assert server.violations == []


async def test_a_press_is_answered_once_and_in_time(server: Telegram, bot: Bot, lin: Person, clock: Frozen) -> None:
    """The presser sees the words; a second answer, and one after fifteen seconds, are refused."""
    await bot.send_message(lin.id, "?", reply_markup=KEYBOARD)
    first = lin.presses("[A 全部原始权重]")
    late = lin.presses("A 全部原始权重")
    assert first
    assert late
    (update, _) = await bot.get_updates()
    await bot.answer_callback_query(first.id, "✗ 答错了", show_alert=True)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(first.id)
    clock.pass_by(timedelta(seconds=16))
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(late.id)

    assert update.callback_query
    assert (update.callback_query.data, lin.alerts) == ("a:1:0", ["✗ 答错了"])
    assert server.world.queries[first.id].alert


async def test_a_link_to_the_bot_says_start_in_private(server: Telegram, bot: Bot, lin: Person) -> None:
    """A button with a deep link, and an answer to a press with one, open the private chat; wei never spoke before."""
    wei = server.person("wei")
    room = server.group("软考冲刺群", admins=[lin], members=[wei])
    lin.adds_bot(room)
    await bot.send_message(room.id, "?", reply_markup=KEYBOARD)
    asked = wei.presses("看解析", chat=room)
    query = wei.presses("A 全部原始权重", chat=room)
    assert query
    await bot.answer_callback_query(query.id, url="https://t.me/study_test_bot?start=why_2")

    assert asked is None
    assert [one.text for one in wei.chat.seen(wei)] == ["/start why_1", "/start why_2"]


def test_a_label_that_is_nowhere_is_told(lin: Person) -> None:
    """A test that presses what cannot be seen learns what can."""
    lin.chat.put(None, rows=(({"text": "不会", "callback_data": "x"},),))

    with pytest.raises(LookupError, match="不会"):
        lin.presses("提示")


async def test_what_is_not_confirmed_comes_again(bot: Bot, lin: Person) -> None:
    """An offset confirms all lower ids, a limit cuts, and a negative offset keeps the last."""
    for number in range(5):
        lin.says(str(number))
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    last = await bot.get_updates(offset=-1)

    assert first == again
    assert [one.update_id - first[0].update_id for one in rest] == [2, 3, 4]
    assert last == rest[-1:]


async def test_a_poll_waits(server: Telegram, bot: Bot, lin: Person) -> None:
    """A long poll ends as soon as something happens, and with nothing when its time is over."""
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await server.until(lambda: server.log[-1:] and server.log[-1].method == "getUpdates")
    lin.says("好")
    (update,) = await waiting
    nothing = await bot.get_updates(offset=update.update_id + 1, timeout=1)

    assert update.message
    assert (update.message.text, nothing) == ("好", ())


async def test_one_poller_at_a_time(server: Telegram, bot: Bot, http: ClientSession) -> None:
    """Of two that poll, the one that waited is sent away."""
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await server.until(lambda: server.log[-1].method == "getUpdates")
    await call(http, server, "getUpdates")

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await waiting


async def test_only_updates_asked_for_are_kept(bot: Bot, lin: Person) -> None:
    """The list of allowed updates holds until another is given."""
    await bot.get_updates(allowed_updates=["callback_query"])
    lin.says("not wanted")

    assert await bot.get_updates() == ()


async def test_updates_come_twice_turned_round_and_broken(server: Telegram, http: ClientSession, lin: Person) -> None:
    """What a wire can do to updates, in the order in which it was told."""
    server.duplicate()
    lin.says("1")
    lin.says("2")
    server.junk({"message": 7})
    server.junk({"odd": []}, numbered=False)
    server.reverse()
    turned = (await call(http, server, "getUpdates"))["result"]
    plain = (await call(http, server, "getUpdates"))["result"]

    assert turned == plain[::-1]
    assert [one.get("update_id", 0) - plain[0]["update_id"] for one in plain[:4]] == [0, 0, 1, 2]
    assert plain[3:] == [{"update_id": plain[3]["update_id"], "message": 7}, {"odd": []}]


async def test_every_update_is_as_the_specification_says(
    server: Telegram, http: ClientSession, lin: Person, spec: Spec
) -> None:
    """Messages, files, presses, replies in topics, comings and goings: no field too many or too few."""
    room = server.group("群", admins=[lin], topics=["公告"])
    small = server.group("小群", admins=[lin], sort="group")
    lin.adds_bot(room, admin=True)
    lin.adds_bot(small)
    sent = await call(http, server, "sendMessage", chat_id=room.id, text="?", reply_markup=KEYBOARD.to_dict())
    message = room.messages[sent["result"]["message_id"]]
    lin.says("/study@study_test_bot", chat=room, thread=2, reply_to=message)
    lin.sends_file("seed.txt", b"1. ?", caption="/import")
    lin.forges("x", message)
    await call(http, server, "deleteMessage", chat_id=room.id, message_id=message.id)
    lin.forges("x", message)
    small.migrates()
    lin.removes_bot(room)
    lin.blocks()
    updates = (await call(http, server, "getUpdates"))["result"]

    assert [why for update in updates if (why := spec.wrong(update, "Update"))] == []
    assert len(updates) == 12
    assert spec.wrong(sent["result"], "Message") == ""


async def test_answers_are_as_the_specification_says(
    server: Telegram, http: ClientSession, bot: Bot, lin: Person, spec: Spec
) -> None:
    """The lookups are answered with all fields, and a library reads them."""
    room = server.group("群", admins=[lin])
    lin.adds_bot(room, admin=True)
    gone = server.person("gone")
    chat = (await call(http, server, "getChat", chat_id=room.id))["result"]
    members = [
        *(await call(http, server, "getChatAdministrators", chat_id=room.id))["result"],
        (await call(http, server, "getChatMember", chat_id=room.id, user_id=gone.id))["result"],
    ]

    assert [spec.wrong(chat, "ChatFullInfo"), *(spec.wrong(one, "ChatMember") for one in members)] == ["", "", "", ""]
    assert [one["status"] for one in members] == ["creator", "administrator", "left"]
    assert (await bot.get_chat(room.id)).title == "群"
    assert len(await bot.get_chat_administrators(room.id)) == 2


async def test_a_message_is_edited_in_place(bot: Bot, lin: Person) -> None:
    """Words, keyboard and picture change; what changes nothing is refused; without a keyboard the old one goes."""
    sent = await bot.send_message(lin.id, "?", reply_markup=KEYBOARD, disable_notification=True)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("?", lin.id, sent.message_id, reply_markup=KEYBOARD)
    await bot.edit_message_text("!", lin.id, sent.message_id)
    text = lin.chat.seen(lin)[-1]
    await bot.edit_message_media(InputMediaPhoto(PNG, "图"), lin.id, sent.message_id)
    await bot.edit_message_caption(lin.id, sent.message_id, caption="图 2")
    await bot.edit_message_reply_markup(lin.id, sent.message_id, reply_markup=KEYBOARD)
    seen = lin.chat.seen(lin)[-1]

    assert (text.text, text.keyboard, text.edited, text.silent) == ("!", (), True, True)
    assert (seen.text, seen.photo, len(seen.keyboard)) == ("图 2", PNG, 2)
    with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
        await bot.edit_message_text("!", lin.id, sent.message_id)


async def test_what_cannot_be_edited_or_taken_away(server: Telegram, bot: Bot, lin: Person, clock: Frozen) -> None:
    """Messages of others, unknown ones, and those older than Telegram changes."""
    theirs = lin.says("mine")
    sent = await bot.send_message(lin.id, "?")
    gone = await bot.send_message(lin.id, "!")
    await bot.delete_message(lin.id, gone.message_id)
    refused = []
    clock.pass_by(timedelta(hours=49))
    server.editable_for = timedelta(hours=48)
    for number in (theirs.id, gone.message_id, sent.message_id):
        for act in (bot.edit_message_text("new", lin.id, number), bot.delete_message(lin.id, number)):
            with pytest.raises(BadRequest) as caught:
                await act
            refused.append(caught.value.message)

    assert refused == [
        "Message can't be edited",
        "Message can't be deleted for everyone",
        "Message to edit not found",
        "Message to delete not found",
        "Message can't be edited",
        "Message can't be deleted for everyone",
    ]
    assert [one.deleted for one in lin.chat.seen(lin)] == [False, False, False, True]


async def test_a_document_is_sent(bot: Bot, lin: Person) -> None:
    """With a name and a caption; one without a byte is refused."""
    await bot.send_document(lin.id, b"PK", filename="all.zip", caption="<i>全</i>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_document(lin.id, b"", filename="none.zip")
    shown = lin.chat.seen(lin)[-1]

    assert (shown.text, shown.document and shown.document.name) == ("全", "all.zip")


async def test_a_picture_is_sent_and_sent_again(bot: Bot, lin: Person) -> None:
    """The second time by its id; an id that is none is refused, and so is what is no picture."""
    sent = await bot.send_photo(lin.id, PNG, caption="<i>图</i>", parse_mode="HTML")
    await bot.send_photo(lin.id, sent.photo[0].file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_photo(lin.id, "F99")
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(lin.id, b"no picture")

    assert [(one.text, one.photo) for one in lin.chat.seen(lin)[1:]] == [("图", PNG), ("", PNG)]
    assert (sent.photo[0].width, sent.photo[0].height) == (40, 30)


async def test_a_file_is_fetched(server: Telegram, bot: Bot, lin: Person) -> None:
    """What a person sent is read by its path, and nothing is found under another."""
    lin.sends_file("seed.txt", b"1. ?")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()

    assert (bytes(await file.download_as_bytearray()), file.file_path) == (
        b"1. ?",
        f"{server.url}/file/bot{server.token}/files/F1_seed.txt",
    )


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("blocks", "Forbidden: bot was blocked by the user"),
        ("deactivates", "Forbidden: user is deactivated"),
    ],
)
async def test_who_is_gone_is_not_reached(bot: Bot, lin: Person, act: str, words: str) -> None:
    """In the words by which a program tells the reasons apart."""
    getattr(lin, act)()

    with pytest.raises(Forbidden, match=words):
        await bot.send_message(lin.id, "?")


async def test_blocking_is_told_and_taken_back(bot: Bot, lin: Person) -> None:
    """my_chat_member says both, and afterwards messages arrive again."""
    lin.blocks()
    lin.unblocks()
    told = [one.my_chat_member for one in await bot.get_updates()]
    await bot.send_message(lin.id, "?")

    assert [(one.old_chat_member.status, one.new_chat_member.status) for one in told if one] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_who_never_spoke_is_not_reached(server: Telegram, bot: Bot) -> None:
    """A bot cannot write first, nor to a chat that is none."""
    wei = server.person("wei")

    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(wei.id, "?")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(99, "?")


async def test_a_group_comes_and_goes(server: Telegram, bot: Bot, lin: Person) -> None:
    """Before it is added and after it is thrown out the bot is refused, each in its words."""
    room = server.group("群", admins=[lin], topics=["公告"])
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(room.id, "?")
    lin.adds_bot(room)
    await bot.send_message(room.id, "?", message_thread_id=2)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(room.id, "?", message_thread_id=9)
    lin.removes_bot(room)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(room.id, "?")
    updates = await bot.get_updates()

    assert [bool(one.my_chat_member) for one in updates] == [True, False, True]
    assert [one.thread for one in room.seen(lin) if not one.by] == [2]
    assert room.seen(server.person("stranger")) == []


async def test_a_group_grows(server: Telegram, bot: Bot, lin: Person) -> None:
    """The old id names the new one, in the answer and in a message of its own."""
    small = server.group("群", admins=[lin], sort="group")
    lin.adds_bot(small)
    grown = small.migrates()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(small.id, "?")
    await bot.send_message(grown.id, "?")
    told = [one.message for one in await bot.get_updates() if one.message]

    assert caught.value.new_chat_id == grown.id
    assert [(one.migrate_to_chat_id, one.migrate_from_chat_id) for one in told[1:]] == [
        (grown.id, None),
        (None, small.id),
    ]


async def test_in_a_group_the_bot_sees_what_is_meant_for_it(server: Telegram, bot: Bot, lin: Person) -> None:
    """Commands, its name and replies to it; all only as an administrator, or without privacy."""
    room = server.group("群", admins=[lin])
    lin.adds_bot(room)
    sent = await bot.send_message(room.id, "?")
    for text in ("hello", "/study", "/study@other_bot", "@study_test_bot hello", "/study@study_test_bot"):
        lin.says(text, chat=room)
    lin.says("an answer", chat=room, reply_to=room.messages[sent.message_id])
    server.world.privacy = False
    lin.says("heard", chat=room)
    texts = [one.message.text for one in await bot.get_updates() if one.message and one.message.text]

    assert texts == ["/study", "@study_test_bot hello", "/study@study_test_bot", "an answer", "heard"]


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    """What was set for one language is not told for another; descriptions are kept as well."""
    await bot.set_my_commands([BotCommand("study", "做题")], language_code="zh")
    await bot.set_my_description("一句话", language_code="zh")

    assert await bot.get_my_commands(language_code="zh") == (BotCommand("study", "做题"),)
    assert await bot.get_my_commands() == ()
    assert (await bot.get_my_description("zh")).description == "一句话"


async def test_every_form_of_a_body_is_read(server: Telegram, http: ClientSession, lin: Person) -> None:
    """An address, a form, parts and JSON say the same."""
    address = f"{server.url}/bot{server.token}/sendMessage"
    fields = {"chat_id": str(lin.id), "text": "?", "reply_markup": KEYBOARD.to_json(), "disable_notification": "true"}
    parts = FormData(fields, default_to_multipart=True)
    answers = [
        await http.get(address, params=fields),
        await http.post(address, data=fields),
        await http.post(address, data=parts),
        await http.post(address, json=fields | {"chat_id": lin.id, "reply_markup": KEYBOARD.to_dict()}),
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 200]
    assert len({(one.text, one.keyboard, one.silent) for one in lin.chat.seen(lin)[1:]}) == 1


async def test_a_wrong_token_and_a_wrong_method(server: Telegram, http: ClientSession) -> None:
    """401 and 404, as libraries know them; a method that is none is a violation."""
    async with http.get(f"{server.url}/bot1:NO/getMe") as response:
        unauthorized = (response.status, (await response.json())["description"])

    assert unauthorized == (401, "Unauthorized")
    assert await refusal(http, server, "getTea") == (404, "Not Found")
    assert server.violations == ["getTea: is not a method, or not built here"]
    with pytest.raises(InvalidToken):
        async with Bot("1:NO", base_url=f"{server.url}/bot"):
            pass


def key(**button: object) -> dict[str, object]:
    """A message with one button."""
    return {"text": "?", "reply_markup": {"inline_keyboard": [[{"text": "A", **button}]]}}


BROKEN: list[tuple[dict[str, object], str]] = [
    ({}, "message text is empty"),
    ({"text": ""}, "message text is empty"),
    ({"text": " \n"}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": 7}, 'field "text" must be of type String'),
    (key(callback_data="题" * 22), "BUTTON_DATA_INVALID"),
    (key(callback_data=""), "BUTTON_DATA_INVALID"),
    (key(callback_data="x", url="https://t.me/x"), "BUTTON_TYPE_INVALID"),
    (key(), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    (key(url="localhost"), "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL"),
    (key(url="https://t.me/study_test_bot?start=" + "x" * 65), "START_PARAM_INVALID"),
    (key(url="https://t.me/study_test_bot?start=a.b"), "START_PARAM_INVALID"),
    ({"text": "?", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    (
        {"text": "?", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "x"}] * 9]}},
        "REPLY_MARKUP_TOO_LONG",
    ),
    (
        {"text": "?", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "x"}]] * 101}},
        "REPLY_MARKUP_TOO_LONG",
    ),
]


@pytest.mark.parametrize(("fields", "words"), BROKEN)
async def test_a_broken_rule_is_refused_and_kept(
    server: Telegram, http: ClientSession, lin: Person, fields: dict[str, object], words: str
) -> None:
    """In Telegram's words; the test that looks at the violations later finds it."""
    refused = await refusal(http, server, "sendMessage", chat_id=lin.id, **fields)

    assert refused == (400, f"Bad Request: {words}")
    assert server.violations == [f"sendMessage: Bad Request: {words}"]


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("answerCallbackQuery", {"callback_query_id": "1", "url": "https://example.org"}, "URL_INVALID"),
        ("setMyCommands", {"commands": [{"command": "Study", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("sendPhoto", {"chat_id": 1001, "photo": "F1", "caption": "x" * 1025}, "message caption is too long"),
        ("sendChatAction", {"chat_id": 1001, "action": "thinking"}, "wrong parameter action in request"),
        ("editMessageText", {"chat_id": 1001, "text": "?"}, "message identifier is not specified"),
    ],
)
async def test_a_broken_rule_of_other_methods(
    server: Telegram, http: ClientSession, method: str, fields: dict[str, object], words: str
) -> None:
    """Alerts, commands, captions and actions have theirs."""
    assert await refusal(http, server, method, **fields) == (400, f"Bad Request: {words}")
    assert len(server.violations) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"txt": "?"}, 'unknown field "sendMessage.txt"'),
        ({"disable_notification": "maybe"}, 'field "sendMessage.disable_notification" must be of type Boolean'),
        ({"reply_parameters": {}}, 'can\'t find field "sendMessage.reply_parameters.message_id"'),
        (key(callback_data="x", style=1), 'field "sendMessage.reply_markup.inline_keyboard[0][0].style"'),
    ],
)
@pytest.mark.usefixtures("spec")
async def test_the_specification_is_held(
    server: Telegram, http: ClientSession, lin: Person, fields: dict[str, object], words: str
) -> None:
    """Unknown and missing fields and wrong types are found, deep inside as well."""
    code, told = await refusal(http, server, "sendMessage", **{"chat_id": lin.id, "text": "?"} | fields)

    assert code == 400
    assert words in told


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>题</b> & x", "题 & x"),
        ("a &lt; b &amp;&ampx &nbsp; &#39;&#x4e2d;", "a < b &&ampx &nbsp; '中"),
        ('<a href="https://t.me/x?a=1&amp;b=2">x</a>', "x"),
        ("<tg-spoiler>😀</tg-spoiler><pre><code class='language-c'>x</code></pre>", "😀x"),
        ("  <i> x</i>\n", "x"),
    ],
)
def test_markup_is_read_as_telegram_reads_it(source: str, expected: str) -> None:
    """Four names of characters, all numbers, and the white space around the whole goes."""
    assert expected == formatted(source, "HTML").text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("题<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("题</b>", "Unexpected end tag at byte offset 3"),
        ("题<div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <b", "Unclosed start tag at byte offset 2"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_markup_that_is_wrong_is_told(source: str, words: str) -> None:
    """With the place, in bytes."""
    with pytest.raises(Refused) as caught:
        formatted(source, "HTML")

    assert str(caught.value) == f"Bad Request: can't parse entities: {words}"


@given(st.text(), st.text())
def test_what_is_escaped_is_shown(before: str, bold: str) -> None:
    """For any text: it is read back as plain text is, and emphasis covers what it should."""
    source = f"|{html.escape(before)}<b>{html.escape(bold)}|</b>"
    read = formatted(source, "HTML")

    assert read.text == formatted(f"|{before}{bold}|", None).text
    assert [units(f"{bold}|")] == [one["length"] for one in read.entities]


async def test_calls_fail_as_they_are_told(server: Telegram, bot: Bot, http: ClientSession, lin: Person) -> None:
    """So many times, of one method, as JSON or as a page of a proxy; then all is well."""
    server.fail("sendMessage", Refused("Too Many Requests: retry after 3", code=429, retry_after=3))
    server.fail("sendMessage", Refused("Bad Gateway", code=502), html=True)
    limited = await call(http, server, "sendMessage", chat_id=lin.id, text="?")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(lin.id, "?")
    await bot.send_message(lin.id, "?")

    assert (limited["error_code"], limited["parameters"]) == (429, {"retry_after": 3})
    assert [call.code for call in server.log[-3:]] == [429, 502, 200]


@pytest.mark.parametrize(("after", "arrived"), [(False, 1), (True, 2)])
async def test_the_line_drops(server: Telegram, http: ClientSession, lin: Person, *, after: bool, arrived: int) -> None:
    """Before anything was done, or after it: the caller cannot tell which."""
    server.drop("sendMessage", after=after)
    with pytest.raises(ClientConnectionError):
        await call(http, server, "sendMessage", chat_id=lin.id, text="?")

    assert len(lin.chat.seen(lin)) == arrived


async def test_a_call_hangs(server: Telegram, http: ClientSession, lin: Person) -> None:
    """It is taken and never answered; the next one is."""
    server.hang("sendMessage")
    with pytest.raises(TimeoutError):
        await http.post(f"{server.url}/bot{server.token}/sendMessage", timeout=ClientTimeout(total=0.2))

    assert (await call(http, server, "sendMessage", chat_id=lin.id, text="?"))["ok"]


async def test_a_chat_has_a_short_burst(server: Telegram, http: ClientSession, lin: Person, clock: Frozen) -> None:
    """A few at once, then one a second; the answer says how long to wait, and that is enough."""
    server.limit()
    for _ in range(3):
        await call(http, server, "sendMessage", chat_id=lin.id, text="?")
    limited = await call(http, server, "sendMessage", chat_id=lin.id, text="?")
    clock.pass_by(timedelta(seconds=limited["parameters"]["retry_after"]))
    again = await call(http, server, "sendMessage", chat_id=lin.id, text="?")

    assert (limited["description"], again["ok"]) == ("Too Many Requests: retry after 1", True)


@pytest.mark.parametrize("limit", [(1, 20), (20, 30)])
async def test_a_group_has_a_limit_of_its_own(
    server: Telegram, http: ClientSession, lin: Person, clock: Frozen, limit: tuple[float, int]
) -> None:
    """Twenty in a minute whatever the pace, unless time is compressed."""
    scale, expected = limit
    room = server.group("群", admins=[lin])
    lin.adds_bot(room)
    server.limit(scale)
    for _ in range(30):
        await call(http, server, "sendMessage", chat_id=room.id, text="?")
        clock.pass_by(timedelta(seconds=1))

    assert expected == [one.code for one in server.log].count(200)


async def test_all_chats_share_a_limit(server: Telegram, http: ClientSession) -> None:
    """Thirty a second to all together."""
    server.limit()
    for number in range(40):
        person = server.person(str(number))
        person.says("/start")
        await call(http, server, "sendMessage", chat_id=person.id, text="?")

    assert [one.code for one in server.log].count(200) == 30


async def test_it_goes_away_and_comes_back(server: Telegram, bot: Bot, lin: Person) -> None:
    """An outage: nobody listens, who polled is let go; then all is there again, under the same address."""
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await server.until(lambda: server.log[-1].method == "getUpdates")
    await server.stop()
    nothing = await waiting
    with pytest.raises(NetworkError):
        await bot.send_message(lin.id, "?")
    await server.start()
    await bot.send_message(lin.id, "?")

    assert (nothing, len(lin.chat.seen(lin))) == ((), 2)


async def test_waiting_in_vain_says_what_was_called(server: Telegram, bot: Bot) -> None:
    """A test that fails so shows the last calls."""
    await bot.get_me()

    with pytest.raises(TimeoutError, match="getMe"):
        await server.until(lambda: False, timeout=0.05)


def test_without_the_specification_the_rules_by_hand_hold(tmp_path: Path) -> None:
    """Where it is absent nothing is compared with it, and nothing fails for want of it."""
    assert specification(tmp_path / "absent.json") is None
