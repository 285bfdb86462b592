"""Why a draft may not be asked: every code, and which of them a person may pass over."""

from dataclasses import replace

from bot.domain.errors import DraftError
from bot.domain.kinds import BY_NAME
from bot.domain.question import Doubt, Draft

ACCEPTABLE = ("blank-count", "cut-off", "gloss-unrepaired", "key-conflict")  # a question can be made all the same
FINAL = (  # nothing can be asked, whoever accepts it
    "empty-accept",
    "empty-option",
    "empty-part",
    "empty-point",
    "few-options",
    "key-names-no-option",
    "key-not-single",
    "key-outside",
    "key-unclear",
    "many-keys",
    "many-options",
    "no-key",
    "no-options",
    "no-stem",
    "same-options",
)


def doubted(draft: Draft) -> Draft:
    """The draft; where its kind makes no question of it, that is a doubt, unless one that it has says so."""
    known = {doubt.code for doubt in draft.doubts}
    try:
        BY_NAME[draft.kind].read(draft)
    except DraftError as error:
        if error.code not in known and known.isdisjoint(FINAL):
            return replace(draft, doubts=(*draft.doubts, Doubt(error.code, str(error))))
    return draft
