"""Whatever is drawn, Discord takes it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.prompt import Choice, Prompt, Quote, Text
from bot.platforms.discord.view import pages
from bot.platforms.writing import clean
from bot.ports.chat import Reply
from tests.fakes.discord_examples import HANS, HINT, ROOT, SUBMIT, UNKNOWN, inner, options
from tests.fakes.discord_screen import read
from tests.fakes.discord_shapes import V2, faults, layout

CONTENT = st.one_of(st.text(st.characters()), st.sampled_from(["字" * 3000, "*" * 3000, "word " * 900, f"${ROOT}$"]))
PROMPTS = st.builds(
    Prompt,
    st.just("single"),
    st.tuples(CONTENT.map(Quote)),
    st.sampled_from(["one", "many", "texts", "writing", "points", "grade"]),
    st.lists(CONTENT, min_size=1, max_size=26, unique=True).map(lambda found: options(*found)),
    st.just((SUBMIT, UNKNOWN, HINT)),
    st.integers(1, 9),
    st.just((Text("prompt.blanks_two"),)),
    st.booleans(),
)
CHOICES = st.builds(
    Choice,
    st.text("xyz:/", min_size=1, max_size=64),
    CONTENT.map(Quote),
    of=st.sampled_from(["", "channel"]),
)
ROWS = st.lists(st.lists(CHOICES, max_size=6).map(tuple), max_size=16).map(tuple)
REPLIES = st.builds(
    Reply,
    st.lists(CONTENT.map(Quote), max_size=3).map(tuple),
    ROWS,
    PROMPTS,
    edit=st.booleans(),
    footer=st.just(Quote("-# *x*")),
)


@settings(max_examples=30)  # the specification takes its time
@given(REPLIES)
async def test_whatever_is_drawn_is_taken(reply: Reply) -> None:
    """Whatever is asked and said, the library and the specification take each message, which shows all of the text."""
    found = pages(reply, HANS)
    texts = [str(one.get("content", "")) for page in found for one in page.components]
    told = "".join(read(text).text for text in texts)

    for block in reply.blocks:
        assert block == Quote(f"${ROOT}$") or "".join(clean(HANS.say(block)).split()) in "".join(told.split())
    for page in found:
        made = layout(page.components).to_components()  # type: ignore[no-untyped-call] # the library's gap
        names = [one["custom_id"] for one in inner(page)]
        assert bare(made) == bare(list(page.components))
        assert len(set(names)) == len(names)
        assert faults("MessageCreateRequest", {"flags": V2, "components": list(page.components)}) == []


def bare(value: Any) -> Any:
    """JSON without what the library says although it is so anyway."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: bare(one) for key, one in value.items() if one not in (None, False) and key not in SAID_ANYWAY}


SAID_ANYWAY = ("id", "required", "min_values", "max_values", "height", "width")
