"""Doubts: every code is known, told and documented, and no draft that cannot be asked is without one."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import bot
from bot.domain.doubts import ACCEPTABLE, FINAL, doubted
from bot.domain.question import Doubt, Draft, Option
from bot.texts import catalogue

PACKAGE = Path(bot.__file__).parent
CODES = {*ACCEPTABLE, *FINAL}
CHOICE = Draft("single", "哪个？", options=(Option("二"), Option("二"), Option("三")), right=(2,))


def written() -> set[str]:
    """Every code that the program gives to a doubt, or to a draft that is no question."""
    calls = (
        node
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Doubt", "DraftError"}
    )
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def test_every_code_is_known() -> None:
    """A new one is listed as acceptable or final, has its words, and stands in the page for admins."""
    page = (PACKAGE.parent / "docs" / "admins.md").read_text(encoding="utf-8")

    assert written() == CODES
    assert set(ACCEPTABLE).isdisjoint(FINAL)
    assert [code for code in CODES if f"`{code}`" not in page] == []
    assert all(catalogue("en").gettext(f"doubt.{code}") for code in CODES)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (CHOICE, ["same-options"]),
        (replace(CHOICE, doubts=(Doubt("cut-off", ""),)), ["cut-off", "same-options"]),
        (replace(CHOICE, right=None, doubts=(Doubt("key-unclear", ""),)), ["key-unclear"]),
        (Draft("blank", "____", blanks=(), doubts=(Doubt("no-key", ""),)), ["no-key"]),
        (replace(CHOICE, options=(Option("二"), Option("三")), right=(0, 1)), ["many-keys"]),
        (replace(CHOICE, options=(Option("二"), Option("三")), right=(1,)), []),
    ],
)
def test_what_no_question_can_be_made_of_is_doubted(draft: Draft, expected: list[str]) -> None:
    """With the code of its kind, unless a doubt that it has says already that nothing can be asked."""
    assert expected == [doubt.code for doubt in doubted(draft).doubts]
