"""What is shown: whose script it comes in."""

import pytest

from bot.domain.kind import Verdict
from bot.domain.prompt import Choice, Prompt, Quote, Text, quoted

SAID = Text("option", {"letter": "A", "text": (Quote("国"), 1)})
FOREIGN = Text("option", {"letter": "A", "text": (Quote("国", foreign=True), 1)})


@pytest.mark.parametrize("language", ["", "zh-Hans", "zh", "yue", "en"])
def test_most_stay_as_they_are(language: str) -> None:
    """Their quotes follow the reader's script."""
    assert quoted(SAID, language) is SAID


@pytest.mark.parametrize("language", ["ja", "ja-JP", "ko"])
def test_every_quote_of_a_language_with_its_own_signs_is_foreign(language: str) -> None:
    """Wherever it stands: in a question, its choices and its verdict."""
    shown = Prompt("single", (Quote("国"),), "one", choices=(Choice("0", Quote("学")),))
    expected = Prompt("single", (Quote("国", foreign=True),), "one", choices=(Choice("0", Quote("学", foreign=True)),))

    assert expected == quoted(shown, language)
    assert Verdict("right", 1.0, (FOREIGN,)) == quoted(Verdict("right", 1.0, (SAID,)), language)
