"""The paper reader: the real paper and the layouts, against their truth."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.domain.script import to_simplified
from bot.formats import paper
from bot.formats.paper.deadline import begun
from bot.formats.paper.gloss import repairer
from bot.formats.paper.report import as_json

PAPERS = Path(__file__).parents[2].parent / "shared" / "papers"
TRUTHS = sorted(PAPERS.glob("*.expected.json"))
pytestmark = pytest.mark.skipif(
    not TRUTHS, reason="ABSENT: ../shared/papers, the real papers; nothing of them is tested"
)

KINDS = {"fill": "blank", "judge": "boolean"}
GLOSS = re.compile("[\u3400-\u9fff]\\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǘǚǜ]*[āáǎàēéěèīíǐìōóǒòūúǔùǘǚǜ][a-z]*\\)")
LOST = re.compile(r"\?[^\s()?]{1,7}\)|�")


def plain(text: str) -> str:
    """A text as it is compared: no glosses (nor a cut one at its end), NFKC, simplified."""
    bare = GLOSS.sub(lambda place: place[0][0], text)
    bare = re.sub("\\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǘǚǜ]*$", "", bare)
    return to_simplified(unicodedata.normalize("NFKC", bare))


def truth_of(name: str) -> dict[str, Any]:
    """The expected facts of a paper."""
    found: dict[str, Any] = json.loads((PAPERS / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


@cache
def report(name: str) -> dict[str, Any]:
    """The reader's report of a paper."""
    data = (PAPERS / f"{name}.txt").read_bytes()
    return as_json(paper.read(data, f"{name}.txt", tick=lambda _done, _total: None), f"{name}.txt")


SAMPLES = [
    pytest.param(path.name.removesuffix(".expected.json"), at, id=f"{path.name.split('.')[0]}-{at}")
    for path in TRUTHS
    for at in range(len(json.loads(path.read_text(encoding="utf-8"))["samples"]))
]


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.split(".")[0])
def test_every_question_is_found_and_counted(path: Path) -> None:
    """Each paper has as many questions of each kind as its truth says."""
    name = path.name.removesuffix(".expected.json")
    truth = truth_of(name)
    expected = {KINDS.get(kind, kind): count for kind, count in truth["by_type"].items()}

    assert (truth["items"], expected) == (report(name)["found"], report(name)["by_kind"])


@pytest.mark.parametrize(("name", "at"), SAMPLES)
def test_a_question_reads_as_its_truth_says(name: str, at: int) -> None:
    """Kind, stem, options, key and explanation of every sample."""
    truth, question = truth_of(name)["samples"][at], report(name)["questions"][at]
    options = truth.get("options_simplified", truth["options"])

    assert KINDS.get(truth["type"], truth["type"]) == question["kind"]
    assert [plain(option) for option in options] == [plain(option) for option in question["options"]]
    assert stem_fits(truth, plain(question["stem"]))
    assert answer_of(truth, question["kind"]) in (None, answer_given(question))
    assert plain(question["explanation"]).startswith(plain(truth["explanation_contains"] or ""))


def stem_fits(truth: dict[str, Any], stem: str) -> bool:
    """Whether a stem is the full one, or begins as told where only a part is told."""
    if "stem_simplified" in truth:
        return plain(truth["stem_simplified"]) == stem
    return stem.startswith(plain(truth["stem_contains"]))


def answer_of(truth: dict[str, Any], kind: str) -> Any:
    """The truth's key in the reader's form."""
    told = truth.get("answer_norm", truth["answer"])
    if kind == "boolean":
        return told if isinstance(told, bool) else told == "对"
    if told is None or kind not in ("single", "multiple", "blank"):
        return None
    return [plain(part) for part in told]


def answer_given(question: dict[str, Any]) -> Any:
    """The reader's key, of each blank its first text."""
    if question["kind"] == "blank":
        return [plain(accept[0]) for accept in question["answer"]]
    return question["answer"]


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.split(".")[0])
def test_no_damage_is_left_unmarked(path: Path) -> None:
    """No gloss, no rest of one and no replacement character stands in a question that is not for review."""
    questions = report(path.name.removesuffix(".expected.json"))["questions"]
    texts = [json.dumps(question, ensure_ascii=False) for question in questions if not question["review"]]

    assert [text for text in texts if GLOSS.search(text) or LOST.search(text)] == []


def test_the_real_paper_is_told_whole() -> None:
    """Title, promise, dropped site lines, and what is for review: two lost characters, a case that ends early."""
    found = report("seed")
    review = [(one["line"], [doubt["code"] for doubt in one["review"]]) for one in found["questions"] if one["review"]]

    assert (found["promised"], found["found"], found["dropped_lines"]) == (52, 51, 35)
    assert plain(found["title"]) == "2025年可解释AI梯度SHAP值计算测试题(含答案与解析)"
    assert review == [(26, ["gloss-unrepaired"]), (96, ["gloss-unrepaired"]), (264, ["cut-off"])]
    assert [warning["code"] for warning in found["warnings"]] == ["section-count", "count"]


def test_the_real_papers_repeats_are_found_and_no_others() -> None:
    """One exact pair, three near ones; none of the traps."""
    assert [(pair["a"], pair["b"], pair["level"]) for pair in report("seed")["duplicates"]] == [
        (0, 9, "near"),
        (1, 12, "near"),
        (2, 11, "near"),
        (7, 14, "exact"),
    ]


RIGHT_AGAIN = {
    11: "因为SHAP值是基于模型预测的局部解释",
    25: "因为它们提供了关于模型预测的直观解释",
    60: "这是因为SHAP值的计算依赖于模型的梯度",
    67: "这是因为SHAP值依赖于模型梯度",
    74: "因为L2正则化会改变模型预测的局部结构",
    81: "因为内部数据集可能包含模型训练时的偏差",
    88: "因为置信区间主要用于评估统计推断的可靠性",
    109: "这是因为SHAP值的计算依赖于模型的梯度",
    131: "使用交叉熵损失",
    134: "交叉熵损失(D)是常见的损失函数",
    226: "因为每个设备之间都需要交换数据",
    291: "职业技术学院单招职业倾向性考试题库",
    311: "第1部分:单位面积质量的测定",
}


@pytest.mark.parametrize("line", RIGHT_AGAIN)
def test_a_damaged_line_reads_right_again(line: int) -> None:
    """What the site had shifted by a byte is whole again."""
    lines = (PAPERS / "seed.txt").read_text(encoding="utf-8").split("\n")
    repaired = repairer(lines, begun(lambda: 0.0))(lines[line - 1])

    assert repaired.whole
    assert RIGHT_AGAIN[line] in plain(repaired.text)


def test_the_real_papers_explanations_and_references_are_apart() -> None:
    """A reference at the end is taken off, one at the beginning stays in its sentence; both are recorded."""
    first, judged = report("seed")["questions"][0], report("seed")["questions"][40]

    assert plain(first["reference"]) == "《可解释AI:原理与应用》2025版第4.3节"
    assert plain(first["explanation"]).endswith("从而影响SHAP值的准确性。")
    assert plain(judged["reference"]) == "《分布式训练技术白皮书》2025版4.3节"
    assert plain(judged["explanation"]).startswith("根据《分布式训练技术白皮书》2025版4.3节,数据并行")


def test_brackets_of_the_paper_itself_stay() -> None:
    """(NAS), (LoRA/QLoRA) and (A) are no glosses."""
    text = plain(json.dumps(report("seed")["questions"], ensure_ascii=False))

    assert all(kept in text for kept in ("(NAS)", "(LoRA/QLoRA)", "(INT8/FP16)", "(A)", "(多选)", "(困惑度/准确率)"))


def test_the_real_papers_case_is_whole() -> None:
    """Situation, question and model answer are apart; its nested lists give no key points."""
    case = report("seed")["questions"][50]

    assert plain(case["parts"][0]["stem"]).startswith("问题:从数据安全和模型性能优化的角度")
    assert (plain(case["answer"]).startswith("问题定位:"), case["answer"].endswith("-效果:")) == (True, True)
    assert case["key_points"] == []


def test_a_line_shifted_twice_reads_right() -> None:
    """Two glosses across character borders in one line, one behind the other."""
    last = report("s_trad_glossed")["questions"][-1]

    assert plain(last["explanation"]).endswith("因为SHAP值依赖于模型,因为它们提供了个别答案:B解析")


def test_titles_and_numbers_come_from_the_paper() -> None:
    """A jammed title is cut off its heading; papers without numbers have none."""
    one, bare = report("a_one_paragraph"), report("n_en_letters_dash")

    assert (one["title"], [question["number"] for question in one["questions"]]) == ("常识测试题", [1, 2, 3, 4, 5])
    assert [question["number"] for question in bare["questions"]] == [None, None]
