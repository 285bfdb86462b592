"""Scripts: simplified, traditional, and radicals."""

import pytest

from bot.domain.script import Script, fold_radicals, to_script, to_simplified


@pytest.mark.parametrize(
    ("script", "expected"),
    [("zh-Hans", "软体里的头发"), ("zh-Hant", "軟體裡的頭髮"), ("written", "軟體里的头发")],
)
def test_a_text_comes_in_the_readers_script(script: Script, expected: str) -> None:
    """Simplified, traditional with its own characters for 里 and 发, or as written."""
    assert expected == to_script("軟體里的头发", script)


@pytest.mark.parametrize("text", ["頭のデータ", "NAS (LoRA)", ""])
def test_japanese_and_latin_stay(text: str) -> None:
    """Text with kana is Japanese, whose characters are not to be converted."""
    assert (text, text, text) == (to_simplified(text), to_script(text, "zh-Hans"), to_script(text, "zh-Hant"))


def test_radicals_become_characters() -> None:
    """What a PDF's font put into U+2E80–2EFF reads as the characters; ASCII is left alone."""
    assert (fold_radicals("⻛⻔⻓"), fold_radicals("abc")) == ("风门长", "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("隨著批量變大，顯著變慢", "随着批量变大，显著变慢"),
        ("著名的顯著性檢驗", "著名的显著性检验"),
        ("显著地、土著", "显著地、土著"),
    ],
)
def test_the_particle_is_simplified_and_the_word_is_not(text: str, expected: str) -> None:
    """隨著 is 随着; 著名 and 显著 keep their character, whichever script they came in."""
    assert expected == to_script(text, "zh-Hans")
