"""The sets that come with the project: whole, equal in both languages, explained and sourced."""

import re
from collections import Counter
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from bot.domain.kinds import BY_NAME
from bot.domain.letters import may_shuffle
from bot.domain.question import Draft, Reading
from bot.domain.spelling import mark
from bot.formats import pack

QUESTIONS = Path(__file__).parents[1] / "questions"
STORIES = QUESTIONS.parent.parent / "shared" / "stories"
NAMES = ("xai", "xai-en")

KINDS = {"single": 24, "multiple": 10, "boolean": 14, "blank": 12, "case": 4}
TOPICS = {
    "xai": {
        "SHAP 与归因": 9,
        "LoRA 与微调": 8,
        "量化与剪枝": 11,
        "分布式训练": 8,
        "蒸馏与推理加速": 8,
        "鲁棒性与评估": 8,
        "架构搜索与生成": 6,
        "部署与伦理": 6,
    },
    "xai-en": {
        "SHAP and attribution": 9,
        "LoRA and fine-tuning": 8,
        "Quantisation and pruning": 11,
        "Distributed training": 8,
        "Distillation and faster inference": 8,
        "Robustness and evaluation": 8,
        "Architecture search and generation": 6,
        "Deployment and ethics": 6,
    },
}
BUTTON = 36  # half-widths: 18 Chinese or 36 Latin characters stand on a full button
LONG_ONES = {"data-parallelism"}  # the stories show it with its options above the letters

TOLD_IN_STORIES = {  # whose words hold
    "Jacob 等，2018，第 2、3 节",
    "Jacob 等，2018，第 4 节",
    "Hinton 等，2015，第 2 节",
    "He 等，2016，第 3 节",
    "Ioffe、Szegedy，2015",
    "Lundberg、Lee，2017，第 4 节",
    "Micikevicius 等，2018，第 3.2 节",
    "Jacob et al., 2018, sections 2 and 3",
    "Jacob et al., 2018, section 4",
    "Hinton et al., 2015, section 2",
    "He et al., 2016, section 3",
    "Ioffe and Szegedy, 2015",
    "Lundberg and Lee, 2017, section 4",
    "Micikevicius et al., 2018, section 3.2",
}


def read(name: str) -> Reading:
    data = (QUESTIONS / f"{name}.yaml").read_bytes()
    return pack.read(data, f"{name}.yaml", tick=lambda _done, _total: None)


SETS = {name: read(name) for name in NAMES}
EVERY = [pytest.param(name, draft, id=f"{name}:{draft.ref}") for name in NAMES for draft in SETS[name].drafts]
CHOICES = [param for param in EVERY if param.values[1].options]  # type: ignore[union-attr]  # a Draft


def width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def texts(draft: Draft) -> list[str]:
    parts = [text for part in draft.parts for text in (part.stem, part.answer)]
    options = [text for option in draft.options for text in (option.text, option.why)]
    told = [draft.stem, draft.explanation, draft.contrast, draft.model_answer or "", *draft.points]
    return [text for text in (*told, *parts, *options) if text]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("xai", ("可解释 AI 与高效训练", "可解释 AI", "zh-Hans")),
        ("xai-en", ("Explainable AI and efficient training", "Explainable AI", "en")),
    ],
)
def test_a_set_is_called_as_the_conversations_call_it(name: str, titles: tuple[str, str, str]) -> None:
    """Code, title, short title and language are those of the stories."""
    found = SETS[name]

    assert (name, *titles) == (found.code, found.title, found.short_title, found.language)


@pytest.mark.parametrize("name", NAMES)
def test_kinds_come_in_the_promised_numbers(name: str) -> None:
    """64 questions: 24 single, 10 multiple, 14 boolean, 12 blank, 4 case."""
    assert Counter(draft.kind for draft in SETS[name].drafts) == KINDS


@pytest.mark.parametrize("name", NAMES)
def test_topics_come_in_the_promised_numbers(name: str) -> None:
    """Every question has a topic, behind it at most a narrower one, and the topics are those of the stories' menu."""
    assert TOPICS[name] == Counter(draft.topics[0] for draft in SETS[name].drafts if len(draft.topics) <= 2)


def test_both_languages_hold_the_same_questions() -> None:
    """Same ids in the same order, same kinds, same keys, same number of options and blanks."""

    def outline(draft: Draft) -> tuple[object, ...]:
        sizes = len(draft.options), len(draft.blanks or ()), len(draft.parts), len(draft.points)
        return draft.ref, draft.kind, draft.right, draft.truth, sizes

    zh, en = ([outline(draft) for draft in SETS[name].drafts] for name in NAMES)

    assert zh == en


@pytest.mark.parametrize("name", NAMES)
def test_the_first_three_are_those_of_the_first_five_minutes(name: str) -> None:
    """A newcomer meets one choice, one statement, one sentence with gaps."""
    first = [draft.ref for draft in SETS[name].drafts[:3]]

    assert first == ["lora-updates", "int8-accuracy", "distillation-names"]


@pytest.mark.parametrize("name", NAMES)
def test_neither_kind_nor_topic_comes_three_times_in_a_row(name: str) -> None:
    """In the file's order learners get a mix."""
    drafts = SETS[name].drafts
    rows = zip(drafts, drafts[1:], drafts[2:], strict=False)
    same = [row[0].ref for row in rows if len({draft.kind for draft in row}) == 1 or len({d.topics for d in row}) == 1]

    assert not same


@pytest.mark.parametrize(("name", "draft"), EVERY)
def test_every_question_can_be_asked(name: str, draft: Draft) -> None:  # noqa: ARG001 - stands in the test's id
    """Its kind reads it."""
    assert BY_NAME[draft.kind].read(draft)


@pytest.mark.parametrize(("name", "draft"), EVERY)
def test_every_question_is_explained_and_sourced(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """There is an explanation, and a source with a year or an article to look up."""
    assert draft.explanation
    assert re.search(r"(19|20)\d\d|SHAP|Jurafsky", draft.reference)


@pytest.mark.parametrize(("name", "draft"), EVERY)
def test_texts_keep_the_house_style(name: str, draft: Draft) -> None:
    """No exclamation marks, no double blanks, no curly or straight quotes in Chinese where 「」 belong."""
    forbidden = re.compile(r"[!！]|  |[“”\"]" if name == "xai" else r"[!！]|  |[，。：；]")

    assert [text for text in texts(draft) if forbidden.search(text)] == []


@pytest.mark.parametrize(("name", "draft"), CHOICES)
def test_every_wrong_option_says_why(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """At most one wrong option has no why, and only where the contrast speaks of it."""
    silent = [
        option.text for place, option in enumerate(draft.options) if not option.why and place not in (draft.right or ())
    ]

    assert len(silent) <= bool(draft.contrast)


@pytest.mark.parametrize(("name", "draft"), CHOICES)
def test_options_may_be_shuffled(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """No text names an option by its letter or place, nor has a lone letter that looks so."""
    assert may_shuffle(draft.options, stem=draft.stem, others=(draft.explanation, draft.contrast))


@pytest.mark.parametrize(("name", "draft"), CHOICES)
def test_options_fit_a_button(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """At most 18 Chinese or 36 Latin characters, but for the one that shows how long options look."""
    wide = [option.text for option in draft.options if width(option.text) > BUTTON]

    assert not wide or draft.ref in LONG_ONES


@pytest.mark.parametrize(("name", "draft"), [param for param in EVERY if param.values[1].blanks])  # type: ignore[union-attr]
def test_near_spellings_are_asked_about(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """What stands under near is never counted as right by itself, what stands under accept always is."""
    blanks = draft.blanks or ()
    accepted = {mark(spelling, blank, draft.stem) for blank in blanks for spelling in blank.accept}
    near = {mark(spelling, blank, draft.stem) for blank in blanks for spelling in blank.near}

    assert accepted == {"right"}
    assert near <= {"near"}


def test_ids_are_unique_across_a_set() -> None:
    """A question is found again by its id."""
    assert [len({draft.ref for draft in SETS[name].drafts}) for name in NAMES] == [64, 64]


@pytest.mark.parametrize(("name", "stories"), [("xai", "*.zh.chat"), ("xai-en", "*.en.chat")])
def test_the_stories_questions_are_here_word_for_word(name: str, stories: str) -> None:
    """Every stem, option and source that a conversation shows stands in the set."""
    if not STORIES.is_dir():
        pytest.skip("the stories are not beside the repository: their questions were not compared")
    ours = {text for draft in SETS[name].drafts for text in (*texts(draft), draft.reference)}
    shown = {line for path in STORIES.glob(stories) for line in story_lines(path)}

    assert shown
    assert shown - ours == set()


@pytest.mark.parametrize(("name", "stories"), [("xai", "*.zh.chat"), ("xai-en", "*.en.chat")])
def test_the_stories_explanations_are_told_word_for_word(name: str, stories: str) -> None:
    """Explanation and contrast, or "your answer" with its why and the explanation, give each 解析 of a story."""
    if not STORIES.is_dir():
        pytest.skip("the stories are not beside the repository: their explanations were not compared")
    ours = {words for draft in SETS[name].drafts for words in explanations(draft)}
    shown = {line for path in STORIES.glob(stories) for line in story_explanations(path)}

    assert shown
    assert shown - ours == set()


def explanations(draft: Draft) -> list[str]:
    """What can be told after an answer, without blanks between sentences."""
    whys = [option.why + draft.explanation for option in draft.options if option.why]
    return ["".join(words.split()) for words in (draft.explanation + draft.contrast, *whys)]


def story_explanations(path: Path) -> set[str]:
    """The explanations of a story, without the words before a why, without blanks between sentences."""
    found = re.findall(r"^  (?:解析：|Why: )(?:你选的 [A-E] |Your answer [A-E] )?(.+)$", told(path), re.MULTILINE)
    return {"".join(words.split()) for words in found}


def story_lines(path: Path) -> set[str]:
    """The stems, lettered options and sources of a story."""
    text = told(path)
    stems = re.findall(r"^bot[^:\n]*: (?:第 .*\n  )?(?:【[^】]+】|\([a-z ]+\) )(.+)$", text, re.MULTILINE)
    options = re.findall(r"^  \[(?:✓ )?[A-E] ([^\]]+)\]$", text, re.MULTILINE)
    sources = re.findall(r"^  (?:出处：|Source: )(.+)$", text, re.MULTILINE)
    return {*stems, *options, *sources}


def told(path: Path) -> str:
    """What is said in a story; nothing where the questions are an admin's own paper."""
    return "" if path.name.startswith("04a") else path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "draft"), CHOICES)
def test_an_explanation_stands_by_itself(name: str, draft: Draft) -> None:  # noqa: ARG001 - as above
    """A chosen option's why is told before it: it, this or they would then mean that option."""
    if any(option.why for option in draft.options):
        assert re.match("(?:It|Its|This|That|They|These|Those)\\b|[它这那]", draft.explanation) is None


@pytest.mark.parametrize(("name", "draft"), EVERY)
def test_a_source_can_be_looked_up(name: str, draft: Draft) -> None:
    """Author, title, year and then the place in it; a law or standard by its number; the stories keep their own."""
    comma, joint = ("，", "；") if name == "xai" else (", ", "; ")
    for reference in draft.reference.split(joint):
        parts = reference.split(comma)
        years = [place for place, part in enumerate(parts) if re.fullmatch("(?:19|20)[0-9]{2}", part)]

        assert re.match("GDPR|GB/T", reference) or reference in TOLD_IN_STORIES or (years and years[0] > 1), reference


@pytest.mark.parametrize(
    ("name", "ref", "typed"),
    [
        ("xai", "kernel-shap-regression", "线性回归"),
        ("xai", "gdpr-minimisation", "最小化原则"),
        ("xai", "catastrophic-forgetting", "灾难性遗忘"),
        ("xai-en", "attention-cost", "4x"),
        ("xai-en", "kernel-shap-regression", "linear regression"),
        ("xai-en", "gradient-accumulation", "gradients of the loss"),
    ],
)
def test_a_blank_takes_the_words_beside_it_too(name: str, ref: str, typed: str) -> None:
    """Whoever types a word of the sentence along with the answer has it right."""
    draft = next(draft for draft in SETS[name].drafts if draft.ref == ref)

    assert mark(typed, (draft.blanks or ())[0], draft.stem) == "right"
