"""The words by which a paper marks its parts, and the shadow text in which they are looked for."""

# The shadow of a text has the same length: full-width letters are ASCII there, and the traditional characters of
# the marks are simplified. What is found at a position of the shadow stands at the same position of the text.

import re

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS: dict[int, str] = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200b\ufeff\t"), " ")
_WORDS = str.maketrans(
    "題單選項擇對錯確誤參標準釋問應說斷綜計詞論總簡歸當為溫評載檔權內版級佈據節來見閱詳條頁獻資",
    "题单选项择对错确误参标准释问应说断综计词论总简归当为温评载档权内版级布据节来见阅详条页献资",
)
_SIGNS = str.maketrans({"．": ".", "﹒": ".", "∶": ":", "〔": "[", "〕": "]", "✔": "√", "✓": "√", "✗": "×", "✘": "×"})
_SHADOW: dict[int, int | str] = {**_WIDE, **_BLANKS, **_WORDS, **_SIGNS}


def shadow(text: str) -> str:
    """The text to look for marks in, character for character."""
    return text if text.isascii() else text.translate(_SHADOW)


# 答案: 【答案】 (参考答案:B) [正确答案] Answer: — never 含答案 or 答案解析, never 我的答案.
KEY = re.compile(
    r"[\[【(]?\s?(?<![我你含及与附和带])(?:(?:正确|参考|标准|本题|试题)的?)?答案(?:是|为)?\s?(?:[\]】]\s?:?|:)"
    r"|(?:\b(?:correct |right |model )?answers?|\bans|\bkey)\s?:",
    re.IGNORECASE,
)
KEY_AT_START = re.compile(r"答\s?:|[\[【(]?\s?(?:(?:正确|参考|标准)的?)?答案\s?[\]】]?\s*(?=[A-Ha-h√×对错正]|$)")
MINE = re.compile(r"[\[【(]?\s?(?:我的|你的|学生|考生)答案\s?[\]】]?\s?:?")
WHY = re.compile(
    r"[\[【(]?\s?(?:(?:答案|题目|试题|本题)?解析)\s?(?:[\]】]\s?:?|:)"
    r"|[\[【](?:分析|解答|详解|答案解析|解释)[\]】]\s?:?"
)
WHY_AT_START = re.compile(
    r"[\[【(]?\s?(?:答案|题目|试题|本题)?(?:解析|分析|解答|详解|解释)\s?(?:[\]】]\s?:?|:)"
    r"|(?:explanation|solution|rationale|feedback)\s?(?::|$)",
    re.IGNORECASE,
)
ITEM = re.compile(
    r"\s*(?:-\s*)?(?:(?:question|q)\s?(?P<english>\d{1,5})\s?[.:)]?(?=\s|$|[^\w])"
    r"|题目?\s?(?P<titled>\d{1,5})\s?[.:、]"
    r"|第\s?(?P<nth>\d{1,5})\s?[题小](?:题)?\s?[.:、]?"
    r"|\(\s?(?P<round>\d{1,3})\s?\)\s?[.、]?"
    r"|(?P<plain>\d{1,5})\s?(?:[.、:)](?!\d+[.)])))\s*",
    re.IGNORECASE,
)
FRONT = re.compile(  # ( )1. and (B)1. — where the answer is written before the number
    r"\s*(\(\s{0,3}(?:[√×对错]|(?P<letters>[A-H](?:[,、\s]?[A-H]){0,7}))?\s{0,3}\))\s?(?=\d{1,5}\s?[.、](?!\d+[.)]))"
)
CASE = re.compile(r"\s*(?:案例|材料)(?:题|分析)?\s*(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、:]?\s*")
ASKED = re.compile(r"\s*(?:问题|提问|思考题|问)\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s?[.:、]")
GAP = re.compile(r"_{2,}|＿+|﹍{2,}|\(\s*\)|\[\s*\]|【\s*】")
UNDERSCORES = re.compile(r"_{2,}|＿+|﹍{2,}")
NUMERAL = "零一二三四五六七八九十百"
