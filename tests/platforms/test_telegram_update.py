"""What a raw update is to the core: commands, texts, presses, rooms; and nothing at all."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.update import LONGEST, place_of, room_of, sender, update
from bot.ports.chat import Incoming

ME = "study_test_bot"
LIN = {"id": 7, "is_bot": False, "first_name": "lin", "language_code": "zh-hans"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -70, "type": "supergroup", "title": "软考冲刺群"}


def message(chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 5, "date": 0, "chat": chat, "from": LIN} | more}


def heard(raw: dict[str, Any]) -> Incoming | None:
    found = update(raw, ME)
    return None if found is None else found.incoming


def said(chat: dict[str, Any], text: str) -> tuple[str, str] | None:
    found = heard(message(chat, text=text))
    return None if found is None else (found.kind, found.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/study", ("command", "/study")),
        ("/study@Study_Test_Bot x  y", ("command", "/study x  y")),
        ("/study@other_bot", None),
        ("/start\nset_x", ("command", "/start set_x")),
        ("／study", ("command", "/study")),
        ("/", ("command", "/")),
        ("hello /study", ("text", "hello /study")),
        ("a\nb", ("text", "a\nb")),
    ],
)
def test_what_is_said_in_private(text: str, expected: tuple[str, str] | None) -> None:
    """A command with its words, whoever it names; anything else is a text; another bot's command is nothing."""
    assert said(PRIVATE, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", ("command", "/help")),
        ("/help@other_bot", None),
        ("A", None),
        ("/", None),
        (f"/help@{ME}", ("command", "/help")),
    ],
)
def test_what_is_said_in_a_group(text: str, expected: tuple[str, str] | None) -> None:
    """Only what is said to the bot: talk is left alone."""
    assert said(GROUP, text) == expected


def test_who_and_where() -> None:
    """Account, room with its topic, language, and the name of a shared room."""
    raw = message(GROUP, text="/help", message_thread_id=3, is_topic_message=True)
    found = update(raw, ME)

    assert found is not None
    assert found.incoming == Incoming(
        "command", "telegram", "7", "-70/3", "/help", language="zh-hans", id="telegram:1", group="软考冲刺群"
    )
    assert (found.chat, found.thread) == (-70, 3)
    assert sender(raw) == "7"


ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def test_who_speaks_as_the_group() -> None:
    """An anonymous administrator is heard without a name, in the group's own turn; a channel, as any bot, is not."""
    spoken = {"message_id": 5, "date": 0, "chat": GROUP, "from": ANONYMOUS, "text": "/settings"}
    raw: dict[str, Any] = {"update_id": 1, "message": spoken | {"sender_chat": GROUP}}
    channel: dict[str, Any] = {"update_id": 1, "message": spoken | {"sender_chat": {"id": -900, "type": "channel"}}}

    assert heard(raw) == Incoming("command", "telegram", "", "-70", "/settings", id="telegram:1", group="软考冲刺群")
    assert sender(raw) == "-70"
    assert heard(channel) is None


def test_a_press_knows_its_message() -> None:
    """Also one that cannot be seen any more; what has no message is not ours."""
    query = {"id": "9", "from": LIN, "data": "a:1:0", "message": {"message_id": 5, "date": 0, "chat": PRIVATE}}
    found = update({"update_id": 1, "callback_query": query}, ME)
    inline = update({"update_id": 1, "callback_query": {"id": "9", "from": LIN, "inline_message_id": "x"}}, ME)

    assert found is not None
    assert (found.press, found.message, found.photo, found.incoming.words) == ("9", 5, False, "a:1:0")
    assert found.incoming.thumb
    assert inline is None


@pytest.mark.parametrize(
    ("chat", "before", "after", "words"),
    [
        (PRIVATE, "member", "kicked", "gone"),
        (PRIVATE, "kicked", "member", "back"),
        (GROUP, "left", "member", "added"),
        (GROUP, "member", "administrator", None),
        (GROUP, "administrator", "left", "gone"),
    ],
)
def test_what_becomes_of_a_room(chat: dict[str, Any], before: str, after: str, words: str | None) -> None:
    """Added, gone, back; a change of rank is nothing."""
    change = {"chat": chat, "from": LIN, "old_chat_member": {"status": before}, "new_chat_member": {"status": after}}
    found = heard({"update_id": 1, "my_chat_member": change})

    assert (found and (found.kind, found.words)) == (words and ("room", words))


def test_who_is_restricted_may_be_a_member_or_not() -> None:
    """A bot that was muted stays so when it is taken out and added again."""
    inside, outside = ({"status": "restricted", "is_member": there} for there in (True, False))
    changes = [(outside, inside), (inside, outside), (inside, {"status": "member"})]
    raws = [{"chat": GROUP, "from": LIN, "old_chat_member": old, "new_chat_member": new} for old, new in changes]
    found = [heard({"update_id": 1, "my_chat_member": raw}) for raw in raws]

    assert [one and one.words for one in found] == ["added", "gone", None]


def test_a_room_moves_and_a_file_is_named() -> None:
    """Migration tells the new id; a document its name."""
    moved = heard(message(GROUP, migrate_to_chat_id=-100))
    file = heard(message(PRIVATE, document={"file_id": "F", "file_name": "卷.txt"}))

    assert (moved and moved.words, file and (file.kind, file.words)) == ("moved -100", ("file", "卷.txt"))


@pytest.mark.parametrize("kind", ["photo", "video", "audio", "voice", "video_note"])
def test_what_has_no_name_is_a_file_in_private(kind: str) -> None:
    """A photographed paper, a recording: answered like any file; in a group it is the talk of others."""
    shown = {kind: {"file_id": "F"}, "media_group_id": "12"}
    private, shared = (update(message(chat, **shown), ME) for chat in (PRIVATE, GROUP))

    assert private is not None
    assert (private.incoming.kind, private.incoming.words, private.album) == ("file", "", "12")
    assert shared is None


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1, "edited_message": {}},
        message(PRIVATE, sticker={}),
        {"update_id": 1, "message": {"message_id": 5, "chat": GROUP, "text": "/help"}},
        message(GROUP, text="/help")
        | {"message": message(GROUP, text="/help")["message"] | {"from": {"id": 1, "is_bot": True}}},
    ],
)
def test_what_is_of_no_use(raw: dict[str, Any]) -> None:
    """Edits, stickers, what nobody or another bot said."""
    assert update(raw, ME) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "from", "chat", "text", "type", "data", "message", "title"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "my_chat_member"]), JSON))
def test_anything_at_all_is_read_or_refused(raw: dict[str, Any]) -> None:
    """Whatever the shape: an update, nothing, or one of four errors, each of which sets it aside."""
    try:
        found = update(raw, ME)
    except (KeyError, TypeError, ValueError, AttributeError):
        found = None

    assert found is None or isinstance(found.incoming.words, str)


@given(st.text(alphabet=st.characters(), min_size=1, max_size=50))
def test_every_text_is_whole_in_unicode(text: str) -> None:
    """A lone surrogate or a NUL never reaches the core, and so no database."""
    found = heard(message(PRIVATE, text=f"x{text}"))

    assert found is not None
    assert found.words.encode() == re.sub("[\ud800-\udfff]", "?", f"x{text}".replace("\0", "")).encode()
    assert found.words.count("\0") == 0


def test_a_megabyte_is_cut() -> None:
    """Of a forged text no more is read than Telegram lets anybody type."""
    found = heard(message(PRIVATE, text="长" * 2**20))

    assert found is not None
    assert len(found.words) == LONGEST


@given(st.integers(-(2**52), 2**52), st.none() | st.integers(1, 2**31))
def test_a_room_is_its_chat_and_topic(chat: int, thread: int | None) -> None:
    """The room's id tells where it is."""
    assert place_of(room_of(chat, thread)) == (chat, thread)
