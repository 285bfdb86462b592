"""Content that is not Chinese: said as its author wrote it, whatever script the reader prefers."""

from bot.domain.question import Blank, Draft, Option, Reading
from bot.platforms.console.view import lines
from bot.ports.chat import Incoming
from bot.router import Router
from bot.services.services import Services
from bot.texts import Words

SCHOOL = Draft(
    "single",
    "立法機関",
    options=(Option("国会", "国会は正解。"), Option("学校", "学校")),
    right=(0,),
    explanation="国会",
    reference="憲法 国会",
    topics=("国会",),
)
HALL = Draft("blank", "____で法律を作る。", blanks=(Blank(("国会",), ("国会議",)),))


async def heard(services: Services, language: str, *said: str, draft: Draft = SCHOOL) -> str:
    """All that a reader of traditional Chinese is told: the question, and what is said to each text."""
    asked = Reading("国会の問題", (draft,), code="laws", short_title="国会", language=language)
    await services.importing.read(asked, "laws", source="1")
    router, told = Router(services, lambda _tag: "zh-Hant"), []
    for words in ("/start set_laws", *said):
        kind = "command" if words.startswith("/") else "text"
        answer = await router.handle(Incoming(kind, "test", "lin", "room", words))  # type: ignore[arg-type]
        drawn = Words("zh-Hant", answer.reader.script)
        told += [line.text for reply in answer.replies for line in lines(reply, drawn)]
    return "\n".join(told)


async def test_a_japanese_set_is_never_converted(services: Services) -> None:
    """Stem, options, verdict, reason, explanation, source, titles and what undo names: also where no kana stands."""
    told = await heard(services, "ja", "B", "/undo", "/sets", "/stats")

    assert ("立法機関" in told, "A 国会" in told, "B 学校" in told) == (True, True, True)
    assert ("國" in told, "學校" in told) == (False, False)


async def test_a_blank_counted_is_as_it_was_written(services: Services) -> None:
    """What was typed, the answer, and "count it?" as well."""
    told = await heard(services, "ja", "国会議", "算对", draft=HALL)

    assert told.count("国会") > 1
    assert "國" not in told


async def test_chinese_is_converted(services: Services) -> None:
    """The same question in a Chinese set comes in the reader's script."""
    told = await heard(services, "zh-Hans", "B")

    assert ("A 國會" in told, "B 學校" in told, "学校" in told) == (True, True, False)
