"""The shape of a pack: its fields, their rules, and the draft that each question becomes."""

import json
import re
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from bot.domain.question import Blank, Draft, KindName, Option, Part

GAP = re.compile(r"_{4,}")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]


class Shape(BaseModel):
    """What every part of a pack keeps to: no unknown field, no number where text belongs."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OptionShape(Shape):
    """One choice."""

    text: Words
    right: bool = Field(default=False, description="true for a right choice")
    why: Words | None = Field(
        default=None, description="what is wrong with it; goes on from 「你选的 C 」 or “Your answer C ”"
    )


class GapShape(Shape):
    """One gap of the stem."""

    accept: list[Words] = Field(min_length=1, description="right answers; the first one is shown")
    near: list[Words] = Field(default=[], description="spellings that the learner is asked about: count it?")


class PartShape(Shape):
    """One question of a case."""

    stem: Words
    answer: Words | None = None


class QuestionShape(Shape):
    """What all kinds have."""

    id: Slug = Field(description="unique in the pack and never changed: it ties a question to its history")
    topics: list[Words] = Field(default=[], description="what a learner can choose in the menu")
    explanation: Words | None = Field(default=None, description="why the right answer is right")
    contrast: Words | None = Field(
        default=None,
        description="why the tempting one is not; told after the explanation unless the chosen option's why is told",
    )
    source: Words | None = Field(default=None, description="author, year, section")

    def bare(self, kind: KindName, stem: str, *, line: int) -> Draft:
        """A draft with what all kinds have; ``line`` is 1-based."""
        return Draft(
            kind=kind,
            stem=stem,
            explanation=self.explanation or "",
            contrast=self.contrast or "",
            reference=self.source or "",
            topics=tuple(self.topics),
            ref=self.id,
            line=line,
        )


class ChoiceShape(QuestionShape):
    """What single and multiple have."""

    stem: Words
    options: list[OptionShape] = Field(min_length=2, max_length=8)

    @field_validator("options")
    @classmethod
    def distinct(cls, options: list[OptionShape]) -> list[OptionShape]:
        if len({option.text.casefold() for option in options}) < len(options):
            raise ValueError("two options have the same text")
        return options

    def chosen(self, kind: KindName, line: int) -> Draft:
        """A draft with the options and which of them are right."""
        return replace(
            self.bare(kind, self.stem, line=line),
            options=tuple(Option(option.text, option.why or "") for option in self.options),
            right=tuple(place for place, option in enumerate(self.options) if option.right),
        )


def _right(options: list[OptionShape]) -> int:
    return sum(option.right for option in options)


class SingleShape(ChoiceShape):
    """One right choice."""

    kind: Literal["single"]

    @field_validator("options")
    @classmethod
    def keyed(cls, options: list[OptionShape]) -> list[OptionShape]:
        if (count := _right(options)) != 1:
            raise ValueError(f"exactly one option must have right: true, not {count}")
        return options

    def draft(self, line: int) -> Draft:
        return self.chosen("single", line)


class MultipleShape(ChoiceShape):
    """One right choice or more."""

    kind: Literal["multiple"]

    @field_validator("options")
    @classmethod
    def keyed(cls, options: list[OptionShape]) -> list[OptionShape]:
        if not _right(options):
            raise ValueError("at least one option must have right: true")
        return options

    def draft(self, line: int) -> Draft:
        return self.chosen("multiple", line)


class BooleanShape(QuestionShape):
    """A statement that is true or false."""

    kind: Literal["boolean"]
    stem: Words
    answer: bool

    def draft(self, line: int) -> Draft:
        return replace(self.bare("boolean", self.stem, line=line), truth=self.answer)


class BlankShape(QuestionShape):
    """A sentence with gaps."""

    kind: Literal["blank"]
    stem: Words = Field(description="each gap is ____")
    blanks: list[GapShape] = Field(min_length=1, description="one for each ____ of the stem, in order")
    any_order: bool = Field(default=False, description="true where the answers may come in any order")

    @field_validator("blanks")
    @classmethod
    def fitting(cls, blanks: list[GapShape], info: ValidationInfo) -> list[GapShape]:
        gaps = len(GAP.findall(info.data.get("stem", "")))
        if "stem" in info.data and gaps != len(blanks):
            raise ValueError(f"the stem has {gaps} gaps (____), but {len(blanks)} are answered")
        return blanks

    def draft(self, line: int) -> Draft:
        blanks = tuple(Blank(tuple(gap.accept), tuple(gap.near)) for gap in self.blanks)
        return replace(self.bare("blank", self.stem, line=line), blanks=blanks, any_order=self.any_order)


class CaseShape(QuestionShape):
    """A situation with questions, or without one an open question; answered in free words."""

    kind: Literal["case"]
    situation: Words | None = None
    parts: list[PartShape] = Field(min_length=1)
    model_answer: Words
    points: list[Words] = Field(default=[], description="what the learner ticks; none: had it or missed it")

    def draft(self, line: int) -> Draft:
        return replace(
            self.bare("case", self.situation or "", line=line),
            parts=tuple(Part(part.stem, part.answer or "") for part in self.parts),
            model_answer=self.model_answer,
            points=tuple(self.points),
        )


AnyQuestion = Annotated[
    SingleShape | MultipleShape | BooleanShape | BlankShape | CaseShape,
    Field(discriminator="kind"),
]


class PackShape(Shape):
    """A set of questions, as a file."""

    code: Slug = Field(description="the set's own id: /start set_CODE")
    title: Words = Field(description="greets")
    short_title: Words = Field(description="stands in pushes, buttons and lists")
    language: Tag = Field(description="BCP 47: zh-Hans, zh-Hant, en, ja")
    licence: Words = Field(description="SPDX where there is one: CC-BY-4.0")
    partial_credit: bool = Field(default=False, description="points for some of the right choices of a multiple")
    questions: list[AnyQuestion] = Field(min_length=1, max_length=5_000)


def schema() -> str:
    """The JSON Schema of a pack, as it stands in questions/pack.schema.json."""
    drawn = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PackShape.model_json_schema()}
    return json.dumps(drawn, ensure_ascii=False, indent=2) + "\n"
