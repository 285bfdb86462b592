"""What a LaTeX command is in Unicode, and which commands can be drawn."""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _table(listed: str) -> dict[str, str]:
    """By name: "alpha:α beta:β"."""
    return dict(pair.split(":") for pair in listed.split())


GREEK = _table(
    "alpha:α beta:β gamma:γ delta:δ epsilon:ϵ varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι kappa:κ lambda:λ "
    "mu:μ nu:ν xi:ξ pi:π rho:ρ sigma:σ tau:τ upsilon:υ phi:ϕ varphi:φ chi:χ psi:ψ omega:ω Gamma:Γ Delta:Δ Theta:Θ "
    "Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ Phi:Φ Psi:Ψ Omega:Ω ell:ℓ hbar:ℏ Re:ℜ Im:ℑ aleph:ℵ infty:∞ partial:∂ "
    "nabla:∇ emptyset:∅ varnothing:∅ forall:∀ exists:∃ neg:¬ lnot:¬ angle:∠ prime:′ sum:∑ prod:∏ int:∫ iint:∬ "
    "oint:∮ triangle:△ degree:° bot:⊥ top:⊤ dots:… ldots:… cdots:⋯ vdots:⋮"
)
# These stand between two things, with a space on either side.
BETWEEN = _table(
    "le:≤ leq:≤ leqslant:⩽ ge:≥ geq:≥ geqslant:⩾ ne:≠ neq:≠ ll:≪ gg:≫ approx:≈ equiv:≡ sim:∼ simeq:≃ cong:≅ "
    "propto:∝ in:∈ notin:∉ ni:∋ subset:⊂ subseteq:⊆ supset:⊃ supseteq:⊇ cup:∪ cap:∩ setminus:∖ land:∧ wedge:∧ "
    "lor:∨ vee:∨ oplus:⊕ otimes:⊗ odot:⊙ times:× div:÷ pm:± mp:∓ cdot:· ast:∗ star:⋆ circ:∘ to:→ rightarrow:→ "
    "leftarrow:← gets:← leftrightarrow:↔ Rightarrow:⇒ Leftarrow:⇐ Leftrightarrow:⇔ implies:⟹ iff:⟺ mapsto:↦ "
    "longrightarrow:⟶ uparrow:↑ downarrow:↓ perp:⊥ parallel:∥ mid:∣ therefore:∴ because:∵ models:⊨ vdash:⊢"
)
FENCES = _table("lfloor:⌊ rfloor:⌋ lceil:⌈ rceil:⌉ langle:⟨ rangle:⟩ lbrace:{ rbrace:} vert:| Vert:‖ backslash:\\")
NAMES = _names(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim arg det dim gcd ker "
    "deg Pr"
)
ACCENTS = {
    "hat": "\u0302",
    "bar": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "overline": "\u0305",
}
FONTS = {
    "mathbb": "DOUBLE-STRUCK",
    "mathcal": "SCRIPT",
    "mathscr": "SCRIPT",
    "mathfrak": "FRAKTUR",
    "mathbf": "BOLD",
    "boldsymbol": "BOLD",
}
WORDS = _names("text mathrm mathit mathsf mathtt operatorname")  # upright or not: the letters themselves
SIZES = _names("left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle limits")
FRACTIONS = _names("frac dfrac tfrac")
SPACES = {"quad": " ", "qquad": "  ", ",": " ", ";": " ", ":": " ", " ": " ", "!": ""}
SIGNS = frozenset("{}%$#&_|")  # themselves, behind a backslash

SYMBOLS = {**GREEK, **BETWEEN, **FENCES}
DRAWN = (
    SYMBOLS.keys()
    | NAMES
    | ACCENTS.keys()
    | FONTS.keys()
    | WORDS
    | SIZES
    | FRACTIONS
    | SPACES.keys()
    | (SIGNS - {"&"})  # matplotlib knows none
    | {"sqrt", "binom", "overset", "underset", "widehat", "widetilde"}
)

SUPER = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθϕφχ′°",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵠᵡ′°",
        strict=True,
    )
)
SUB = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρϕφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵩᵪ", strict=True))
