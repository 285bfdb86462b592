"""What every contender writes in the place of the question."""

WORDS = "✓ Right. B The added low-rank matrices\nWhy: LoRA freezes the original weights.\nAgain: in 2 days"
BUTTONS = (("Next", "n:1"), ("Guessed", "g:1"), ("Undo", "u:1"), ("Report", "r:1"))
