"""Formulas: said in plain text where Unicode can, drawn beautifully where it cannot, and never a fault."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.prompt import Quote
from bot.platforms import ink
from bot.platforms.drawing import IDLE, Drawing
from bot.platforms.formulas import Latex, Piece, drawable, pieces
from bot.platforms.speech import linear, plain
from bot.platforms.symbols import DRAWN, FRACTIONS, SIGNS, SIZES, SPACES, SYMBOLS
from tests.fakes.clock import Frozen

SIGMOID = Latex((r"\sigma(z)=\frac{1}{1+e^{-z}}",))
HOSTILE = (
    r"\input{/etc/passwd}",
    r"\def\x{\x\x}\x",
    r"\unknown{x}",
    r"\frac" * 100,
    "^" * 500,
    "{" * 400 + "}" * 400,
    "{" * 400,
    "}{",
    r"\left(",
    "a" * 600,
    r"\sqrt{" * 12 + "}" * 12,
    "x_{" * 30_000,
    "$" * 100_000,
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
    "\\",
    "",
    "\ud800",
    "\u2070\u22ff",
)
LATEX = st.lists(
    st.sampled_from([*"{}[]()^_\\&$'~ab12 -+|", *(f"\\{name} " for name in sorted(DRAWN))]), max_size=40
).map("".join)


def reply_with(script: str) -> tuple[str, ...]:
    """A drawing process that does what the script says."""
    return (sys.executable, "-c", script)


ANSWERS = reply_with("for _ in open(0): print('\\0\\0\\0\\1x', end='', flush=True)")


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("x^2", "x²"),
        (r"\alpha", "α"),
        ("10^{-3}", "10⁻³"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac12", "1/2"),
        (r"a\le b", "a ≤ b"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\sum_{i=1}^{n} x_i^2", "∑ᵢ₌₁ⁿ xᵢ²"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathcal{L}(\theta)", "ℒ(θ)"),
        (r"\hat{y}_i", "ŷᵢ"),
        (r"90^\circ", "90°"),
        (r"O(n \log n)", "O(n log n)"),
        (r"P(A\mid B)", "P(A ∣ B)"),
        (r"f'(x)\to 0", "f′(x) → 0"),
        (r"W_{ij}\cdot A^{\mathrm{T}}", "Wᵢⱼ · Aᵀ"),
        (r"95\%", "95%"),
        (r"\{1,2\}", "{1,2}"),
    ],
)
def test_plain(latex: str, said: str) -> None:
    """What Unicode can say is said as one would write it by hand."""
    assert said == plain(latex)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\sqrt{x+1}", "√(x+1)"),
        ("e^{-x^2}", "e^(-x²)"),
        ("x^*", "x^*"),
        (r"\lim_{x\to 0} f(x)", "lim_(x→0) f(x)"),
    ],
)
def test_linear(latex: str, said: str) -> None:
    """What would be read wrongly or slowly is drawn; on one line it has brackets."""
    assert plain(latex) is None
    assert drawable(latex)
    assert said == linear(latex)


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "$5和$6",
        "US$5, US$6, a=b",
        "between $5, or 5$ in all",
        "$5 plus tax = 6$",
        "$PATH:$HOME",
        "awk '{print $1, $2}'",
        "cost = $100, price = $200",
        r"C:\(new",
        r"\$5 < \$6",
        "$",
        "a^2",
    ],
)
def test_no_formula(text: str) -> None:
    """Money, shells and paths stay as they are."""
    assert text == "".join(piece.text for piece in pieces(Quote(text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("若$x^2=4$，求$x$", "若x²=4，求x"),
        (r"设 \(n\ge 2\)，则 \[a_n\]", "设 n ≥ 2，则 aₙ"),
        ("$$E=mc^2$$", "E=mc²"),
        ("costs $5, and $x^2$ is", "costs $5, and x² is"),
        (r"\(open, then $y_1$", r"\(open, then y₁"),
        (r"$\text{准确率}=\frac{TP}{TP+FP}$", "准确率=TP/(TP+FP)"),
    ],
)
def test_formula_in_text(text: str, said: str) -> None:
    """A formula is found between its marks, in any language, and Chinese in it is said, never drawn."""
    told = pieces(Quote(text))

    assert said == "".join(piece.text for piece in told)
    assert all(piece.kind == "text" for piece in told)


def test_pieces() -> None:
    """Code is code, a formula by itself needs no marks, and what is drawn keeps its source."""
    told = [pieces(Quote("a$1$", "code")), pieces(Quote("x^2", "latex")), pieces(Quote(r"$\frac{a+b}{c}$", "latex"))]

    assert told == [(Piece("a$1$", "code"),), (Piece("x²"),), (Piece(r"\frac{a+b}{c}", "latex"),)]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile(source: str) -> None:
    """A hostile formula is code or text in the end, whole, at once."""
    told = pieces(Quote(f"${source}$"))

    assert "".join(piece.text for piece in told) in (source, source.strip(), f"${source}$", plain(source))
    assert linear(source) is not None


@settings(deadline=None)  # the first picture loads its fonts
@given(LATEX)
def test_never_a_fault(source: str) -> None:
    """No source is a fault, said, drawn or asked about."""
    pieces(Quote(source, "latex"))
    linear(source)
    answer = ink._answer(json.dumps([source]).encode()) if drawable(source) else b""

    assert answer[:4] in (b"\x89PNG", b"")


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_commands_are_drawn(name: str) -> None:
    """Every command that is passed on is one that can be drawn."""
    source = rf"a \{name} b"
    if name in SIZES:
        source = {"left": r"\left( a \right)", "right": r"\left. a \right]", "limits": r"\sum\limits_i a"}.get(
            name, source
        )
    elif name not in SYMBOLS.keys() | SPACES.keys() | SIGNS:
        source = rf"\{name}{{x}}" + ("{y}" if name in FRACTIONS | {"binom", "overset", "underset"} else "")

    assert ink._answer(json.dumps([source]).encode()) != b""


def test_picture() -> None:
    """Dark on white, with room around, wide enough for a phone, and within what Telegram takes."""
    for sources in ([SIGMOID.formulas[0]], ["x^{*}"] * 5, [r"\frac{a}{b}+" * 15 + "c"]):
        picture = Image.open(BytesIO(ink.png(sources))).convert("L")
        width, height = picture.size
        border = {picture.getpixel((x, y)) for x in range(width) for y in (0, 20, height - 20, height - 1)}

        assert {255} == border
        assert 1000 <= width <= min(5000, 16 * height)
        assert min(picture.tobytes()) < 60


async def test_drawing() -> None:
    """The process starts when first asked, is kept, and the same picture is drawn once."""
    drawing = Drawing(Frozen())
    before = drawing.running
    first, again = await drawing.png(SIGMOID), await drawing.png(SIGMOID)
    process = drawing._process
    other = await drawing.png(Latex((r"\frac{a+b}{c}", r"x^{*}")))

    assert not before
    assert first is again
    assert [picture[:4] for picture in (first, other) if picture] == [b"\x89PNG", b"\x89PNG"]
    assert process is drawing._process
    await drawing._end()


async def test_idle() -> None:
    """Nobody asks for a minute: it ends; asked again, it starts again; when the program ends, it ends."""
    clock = Frozen()
    drawing = Drawing(clock, command=ANSWERS)
    started = clock.now()
    idle = asyncio.ensure_future(drawing.run())
    drawn = await drawing.png(SIGMOID)
    while drawing.running:
        await asyncio.wait([idle], timeout=0.01)
    asleep = clock.now()
    again = await drawing.png(Latex(("y",)))
    idle.cancel()
    await asyncio.wait([idle])

    assert [drawn, again] == [b"x", b"x"]
    assert started + IDLE <= asleep
    assert not drawing.running


class Asking(Frozen):
    """Somebody asks for a picture while the time of idleness runs, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.drawing: Drawing | None = None
        self.slept: list[datetime] = []

    async def sleep_until(self, instant: datetime) -> None:
        self.slept.append(instant)
        if self.times and self.drawing:
            self.times -= 1
            self.pass_by(IDLE / 2)
            await self.drawing.png(Latex((f"x_{self.times}",)))
        await super().sleep_until(instant)


async def test_not_idle() -> None:
    """Asked within the minute, it stays for a whole minute more."""
    clock = Asking(2)
    started = clock.now()
    clock.drawing = drawing = Drawing(clock, command=ANSWERS)
    idle = asyncio.ensure_future(drawing.run())
    await drawing.png(SIGMOID)
    while drawing.running:
        await asyncio.wait([idle], timeout=0.01)
    idle.cancel()
    await asyncio.wait([idle])

    assert [started + IDLE, started + IDLE * 1.5, started + IDLE * 2.5] == clock.slept


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(1)",
        "import os; input(); os.abort()",
        "input(); print('\\0\\0\\1\\0half', end='', flush=True)",
        "input(); print('\\0\\0\\0\\0', end='', flush=True)",
        "input(); import signal; signal.pause()",
    ],
)
async def test_broken_process(script: str) -> None:
    """A process that does not start, crashes, breaks off, refuses or hangs: no picture, no fault, and another try."""
    drawing = Drawing(Frozen(), command=reply_with(script), hang_s=0.5)
    first, again = await drawing.png(SIGMOID), await drawing.png(SIGMOID)
    await drawing._end()

    assert [first, again] == [None, None]


async def test_it_is_given_no_secret() -> None:
    """The process knows where its library is, and nothing else that stands in the bot's environment."""
    told = "s = ' '.join(os.environ).encode(); sys.stdout.buffer.write(len(s).to_bytes(4, 'big') + s)"
    drawing = Drawing(Frozen(), command=reply_with(f"import os, sys; input(); {told}; sys.stdout.flush(); input()"))
    names = (await drawing.png(SIGMOID) or b"").decode().split()
    await drawing._end()

    assert "PATH" in names
    assert "PYTEST_CURRENT_TEST" in {*os.environ} - {*names}


async def test_no_program() -> None:
    """Where there is no such program at all, there is no picture."""
    assert await Drawing(Frozen(), command=("/nowhere/ink",)).png(SIGMOID) is None


def test_hostile_drawn() -> None:
    """What slips through to the process is refused there, and the next one is drawn."""
    answers = BytesIO()
    lines = [json.dumps([source]).encode() + b"\n" for source in (*HOSTILE[:10], "x")]
    ink.serve(BytesIO(b"".join(lines)), answers)

    assert bytes(4) == answers.getvalue()[:4]
    assert b"\x89PNG" in answers.getvalue()


def test_missing_letter() -> None:
    """A letter that the font lacks is refused: a picture never holds a box."""
    answers = BytesIO()
    ink.serve(BytesIO(json.dumps([r"\frac{字}{b}"]).encode()), answers)

    assert bytes(4) == answers.getvalue()


def test_memory_of_the_bot() -> None:
    """Drawing a reply loads no matplotlib into the bot itself."""
    script = "import sys, bot.platforms.telegram.view, bot.platforms.drawing; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert done.stdout.strip() == "False"


def test_alt() -> None:
    """Who cannot see the picture reads it on a line."""
    told = [SIGMOID.alt, Latex(("x^*", r"\sqrt{a+b}")).alt]

    assert told == ["σ(z)=1/(1+e⁻ᶻ)", "(1) x^*; (2) √(a+b)"]
