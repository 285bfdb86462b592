"""Records as columns and back: nothing is lost on the way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.kind import Kind
from bot.domain.kinds import KINDS, blank
from bot.domain.prompt import Quote, Text
from bot.domain.question import Blank, Doubt, Draft, QuestionId, RevisionId
from bot.ports import rows
from bot.storage.codec import column, instant, micros, part, versioned
from bot.storage.tables import TABLES, columns, dump, load, shape, table, width

INSTANTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(codec="utf-8"))
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(str, TEXTS)
# An argument of a Text may be another Text, or a list of them: hypothesis cannot follow the name of that type.
LEAVES = TEXTS | st.integers() | st.dates() | st.builds(Quote, TEXTS)
ARGS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner).map(tuple) | st.builds(Text, TEXTS, st.dictionaries(TEXTS, inner)),
    max_leaves=4,
)
st.register_type_strategy(Text, st.builds(Text, TEXTS, st.dictionaries(TEXTS, ARGS), st.none() | st.integers()))
REVISION = rows.Revision(
    id=RevisionId(1),
    question_id=QuestionId(2),
    kind="single",
    body=None,
    draft=None,
    explanation="",
    contrast="",
    reference="",
    digest="",
    created_at=datetime(2026, 3, 14, tzinfo=UTC),
)
STORED = [cls for cls in TABLES if cls != rows.Revision]


@pytest.mark.parametrize("cls", STORED)
@given(data=st.data())
def test_a_record_comes_back(cls: type, data: st.DataObject) -> None:
    """Any record of any table, written as column values and read again, is the same record."""
    record = data.draw(st.from_type(cls))
    values = dump(record, shape(cls))

    assert load(cls, (None, *values, None), 1) == record
    assert {type(value) for value in values} <= {int, str, float, bool, type(None)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.NAME))
@given(data=st.data())
def test_a_body_comes_back(kind: Kind, data: st.DataObject) -> None:
    """Any body of any kind comes back from the column of its revision."""
    body = data.draw(st.from_type(kind.Body))
    revision = replace(REVISION, kind=kind.NAME, body=body)

    assert load(rows.Revision, tuple(dump(revision, shape(rows.Revision)))) == revision


@given(st.from_type(Draft))
def test_a_draft_comes_back(draft: Draft) -> None:
    """What waits for review comes back with all its doubts, and without a body."""
    revision = replace(REVISION, draft=draft)

    assert load(rows.Revision, tuple(dump(revision, shape(rows.Revision)))) == revision


@given(INSTANTS)
def test_instants_are_exact(moment: datetime) -> None:
    """Every microsecond of the calendar survives."""
    assert instant(micros(moment)) == moment


def test_instants_of_other_zones() -> None:
    """An instant is the same whatever zone it is told in, and comes back in UTC."""
    told = datetime(1969, 12, 31, 23, 59, 59, 999_999, timezone(timedelta(hours=-5, minutes=-30)))

    assert instant(micros(told)) == told
    assert instant(micros(told)).tzinfo is UTC


def test_instants_need_a_zone() -> None:
    """An instant without a zone is a bug, not a guess."""
    with pytest.raises(TypeError):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001 - that is its point


def test_what_is_stored_can_be_read_by_people() -> None:
    """A body is plain JSON, its characters unescaped, with the version of its shape, without what is as ever."""
    codec = versioned(blank.Body)
    body = blank.Body("梯度?", (Blank(("是",)), Blank(("否",), ("非",))), any_order=True)
    stored = '{"v":1,"stem":"梯度?","blanks":[{"accept":["是"]},{"accept":["否"],"near":["非"]}],"any_order":true}'

    assert codec.dump(body) == stored


def test_what_was_stored_whole_is_read() -> None:
    """A body with everything said, as it was stored before, is the same body."""
    stored = '{"v":1,"stem":"梯度?","blanks":[{"accept":["是"],"near":[]}],"any_order":false}'

    assert versioned(blank.Body).load(stored) == blank.Body("梯度?", (Blank(("是",)),))


def test_another_version_is_refused() -> None:
    """A body of another version is never read as if it were ours."""
    codec = versioned(blank.Body)

    with pytest.raises(ValueError, match="another version than 1"):
        codec.load('{"v":2,"stem":"","blanks":[]}')
    with pytest.raises(ValueError, match="another version than 1"):
        codec.load('{"stem":"","blanks":[]}')


def test_a_field_that_came_later_has_its_default() -> None:
    """A body written before a field was there is read with the field's default."""
    codec = versioned(blank.Body)

    assert codec.load('{"v":1,"stem":"?","blanks":[]}') == blank.Body("?", (), any_order=False)


def test_a_field_that_is_gone_is_a_bug() -> None:
    """A field that the record does not know is not dropped in silence."""
    codec = versioned(blank.Body)

    with pytest.raises(TypeError, match="colour"):
        codec.load('{"v":1,"stem":"?","blanks":[],"colour":"red"}')


def test_lists_of_records_and_days() -> None:
    """Columns that hold lists or mappings of records or days come back as they were."""
    doubts = column(tuple[Doubt, ...])
    days = column(dict[str, date])
    assert doubts.dump and doubts.load and days.dump and days.load  # noqa: PT018 - one fact: both have both

    assert doubts.load(doubts.dump((Doubt("a", "b"),))) == (Doubt("a", "b"),)
    assert days.load(days.dump({"x": date(2026, 3, 14)})) == {"x": date(2026, 3, 14)}
    assert json.loads(days.dump({"x": date(2026, 3, 14)})) == {"x": "2026-03-14"}


def test_what_may_be_shared_is_kept() -> None:
    """The same text is the same tuple; a mapping, which somebody could change, is read anew."""
    order, reached = column(tuple[int, ...]), column(dict[str, int])
    assert order.load and reached.load  # noqa: PT018 - one fact: both are read

    assert order.load("[1,0]") is order.load("[1,0]")
    assert reached.load('{"1":2}') is not reached.load('{"1":2}')


@pytest.mark.parametrize("kind", [bytes, set[int], tuple[int, str, bool, Doubt]])
def test_what_has_no_codec(kind: object) -> None:
    """An annotation that nobody thought of is refused when its table is first used."""
    with pytest.raises(TypeError, match="codec"):
        part(kind)


def test_columns_stand_in_order() -> None:
    """The columns of a SELECT are those that ``load`` takes, with the alias before each."""
    assert columns(rows.Undo, "u") == "u.id, u.account_id, u.answer_id, u.at, u.reason"
    assert columns(rows.Undo) == "id, account_id, answer_id, at, reason"
    assert width(rows.Undo) == 5
    assert table(rows.Set) == "question_set"
