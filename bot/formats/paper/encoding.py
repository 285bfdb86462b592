"""Bytes to lines: which encoding a paper has, and where it is too much."""

import codecs
import io
import re
from collections.abc import Iterator

from bot.formats.format import LIMIT_BYTES, NotAPaper, TooLarge
from bot.formats.paper.deadline import Deadline

LIMIT_CHARACTERS = 12_000_000  # a paper of 20,000 long questions; keeps memory far below 300 MB
LIMIT_LINES = 250_000
LIMIT_LINE = 3_000_000  # characters: 10,000 questions jammed into one line

_CHUNK = 1 << 20
_SAMPLE = 32_768
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["gb18030", "big5", "shift_jis", "cp1252"]
_CHINESE = ("gb18030", "cp950")
_COMMONEST = re.compile("[的一是不在有中大了]")  # read in the wrong encoding, a text shows them by chance only
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "cp950": "cp950"}
_CONTROLS = frozenset(map(chr, range(9))) | frozenset(map(chr, range(14, 32)))
_MOST_CONTROLS = 0.01
_FEW_CONTROLS = 3  # in however short a paper
_BAD_BYTES = 0.1  # of a paper's characters beyond ASCII; those of another encoding are nearly all bad as UTF-8
_BEYOND_ASCII = re.compile(rb"[\x80-\xff][^\n]*")  # the first such byte of a line begins a character
_WHOLE = re.compile(rb"(?s).*[\x00-\x2f]")  # bytes that end no character of several bytes
_HALF_NUL = 0.1


def lines_of(data: bytes, deadline: Deadline) -> list[str]:
    """The file's lines without their ends.

    NotAPaper for what is no text; TooLarge past any of the limits; TooSlow past the deadline.
    """
    if len(data) > LIMIT_BYTES:
        raise TooLarge(f"The file is larger than {LIMIT_BYTES >> 20} MB; split it into smaller files.")
    if not data.strip():
        raise NotAPaper("The file is empty.")
    found: list[str] = []
    total = 0
    for line in _decoded(data, _encoding(data, deadline)):
        total += len(line)
        _fit(len(line), len(found), total)
        if len(found) % 1000 == 0:
            deadline.check()
        found.append(line.rstrip("\r\n"))
    _legible(found)
    return found


def _decoded(data: bytes, encoding: str) -> Iterator[str]:
    # A few bad bytes show as U+FFFD, and send their questions to review.
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline=None)
    while line := stream.readline(LIMIT_LINE + 1):
        yield line


def _fit(length: int, line: int, total: int) -> None:
    if length > LIMIT_LINE:
        raise TooLarge(f"A line is longer than {LIMIT_LINE:,} characters; that is no exam paper.", line + 1)
    if line >= LIMIT_LINES:
        raise TooLarge(f"The file has more than {LIMIT_LINES:,} lines; split it into smaller files.", line + 1)
    if total > LIMIT_CHARACTERS:
        raise TooLarge(f"The file has over {LIMIT_CHARACTERS:,} characters; split it into smaller files.", line + 1)


def _legible(found: list[str]) -> None:
    sample = "".join(found[:200])[:_SAMPLE]
    strange = sum(1 for character in sample if character in _CONTROLS or character == "\ufffd")
    if strange > max(_FEW_CONTROLS, _MOST_CONTROLS * len(sample)):
        raise NotAPaper("The file is no text: it holds bytes that no paper has.")


def _encoding(data: bytes, deadline: Deadline) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if wide := _utf16(data[:_SAMPLE]):
        return wide
    return "utf-8" if _fits(data, "utf-8", deadline) else _guess(data, deadline)


def _utf16(sample: bytes) -> str:
    # Without a mark: letters and line ends of UTF-16 are one byte and a zero byte.
    half = len(sample) // 2 or 1
    low, high = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if max(low, high) < _HALF_NUL:
        return ""
    if min(low, high) > max(low, high) / 4:
        raise NotAPaper("The file is no text: it holds bytes that no paper has.")
    return "utf-16-le" if low > high else "utf-16-be"


def _fits(data: bytes, encoding: str, deadline: Deadline) -> bool:
    """Whether all but a few of the characters beyond ASCII are of that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    bad = beyond = 0
    for start in range(0, len(data), _CHUNK):
        text = decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        bad += text.count("\ufffd")
        beyond += len(text) - len(text.encode("ascii", "ignore"))
        deadline.check()
    if encoding == "utf-8":
        bad -= data.count("\ufffd".encode())  # those that were written as such
    return bad <= _BAD_BYTES * beyond


def _guess(data: bytes, deadline: Deadline) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only for what is not UTF-8

    best = from_bytes(_telling(data), cp_isolation=_CANDIDATES).best()
    found = _chinese(data, deadline) if best is None else _SUPERSETS.get(best.encoding, best.encoding)
    if not found:
        raise NotAPaper("The file is no text in an encoding that is known here (UTF-8, UTF-16, GB18030, Big5).")
    return found


def _chinese(data: bytes, deadline: Deadline) -> str:
    """The encoding in which a Chinese text has a few bad bytes, which fit none; "" for what is no such text."""
    sample = _telling(data)
    common = {name: len(_COMMONEST.findall(sample.decode(name, "replace"))) for name in _CHINESE}
    likely = max(_CHINESE, key=lambda name: common[name])
    return likely if common[likely] and _fits(data, likely, deadline) else ""


def _telling(data: bytes) -> bytes:
    """What stands from the first byte beyond ASCII on, line by line: only that tells one encoding from another."""
    found = bytearray()
    for line in _BEYOND_ASCII.finditer(data):
        found += data[line.start() : min(line.end(), line.start() + _SAMPLE)] + b"\n"
        if len(found) > _SAMPLE:
            break
    whole = _WHOLE.match(found, 0, _SAMPLE)
    return bytes(whole[0] if whole else found)
