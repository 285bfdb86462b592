"""Reading a long paper."""

import time

from bot.formats import paper
from tests.bench.figure import Figure


def text(questions: int) -> str:
    """A paper with options on lines, keys and explanations."""
    items = (
        f"{n}.第{n}个数加上{n % 7}等于多少,它和第{n * 3}个数有什么关系?\n"
        f"A.{n}\nB.{n + n % 7}\nC.{n * 2}\nD.{n * 3}\n答案:B\n解析:{n}加{n % 7}得{n + n % 7}。参考《算术》第{n % 9}节。"
        for n in range(1, questions + 1)
    )
    return f"一、单选题(共{questions}题)\n" + "\n".join(items)


def figure(*, questions: int) -> Figure:
    data = text(questions).encode()
    paper.read(text(20).encode(), "warm.txt", tick=lambda _done, _total: None)
    began = time.perf_counter()
    found = paper.read(data, "paper.txt", tick=lambda _done, _total: None)
    took = time.perf_counter() - began
    began = time.perf_counter()
    lines = data.decode().splitlines()
    floor = time.perf_counter() - began
    assert len(found.drafts) == questions
    assert lines
    return Figure(f"reading {questions:,} questions", took, floor, "s", "≤ 3 s", "decoding and splitting into lines")
