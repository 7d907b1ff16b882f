"""Further facts: those on which the agreement's answer may turn, and that a page may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.desk import NoAgreementError, Request
from counterpoise.desk.authority import Ready
from counterpoise.desk.deciding import ready_for
from counterpoise.desk.predicates import words_of
from counterpoise.web import asking, house
from counterpoise.web.desk.newcomers import NAME

_ASKED_APART = frozenset(
    "list_amount net_amount cost_amount term_months payment currency account_id deal_id owner_id "
    "persona".split()
)
_MOST_CHOICES = 30


@dataclass(frozen=True)
class TurningFact:
    """A fact by the name that conditions give it, with the words that they name."""

    name: str
    label: str
    choices: tuple[str, ...] = ()

    @property
    def is_of_account(self) -> bool:
        """Tell whether the books know it of an account that is in them."""
        return self.name.startswith("account.")


def ready_today() -> Ready | None:
    """Return the agreement that answers at this moment, None where none is in force."""
    try:
        return ready_for(Request("", asking.now()), house.agreements(), asking.facts())
    except NoAgreementError:
        return None


def turning_facts(ready: Ready | None) -> tuple[TurningFact, ...]:
    """Return the facts that no field of the page asks for, and that may decide.

    The name of a customer who is not in the books decides nothing, but finds the deal later.
    """
    found: dict[str, set[str]] = {}
    for bound in ready.tests if ready else ():
        column = bound.field.column
        if column not in _ASKED_APART and not column.startswith("owner__"):
            name = bound.field.path.removeprefix("deal.")
            found.setdefault(name, set()).update(map(str, words_of(bound.test)))
    found.setdefault(NAME, set())
    ordered = sorted(found, key=lambda name: name != NAME)
    return tuple(
        TurningFact(name, _label(name), tuple(sorted(found[name]))[:_MOST_CHOICES])
        for name in ordered
    )


def payments(ready: Ready | None) -> tuple[str, ...]:
    """Return the words for payment that the agreement names."""
    tests = ready.tests if ready else ()
    named = (words_of(bound.test) for bound in tests if bound.field.column == "payment")
    return tuple(sorted({str(word) for words in named for word in words}))


def kinds(ready: Ready | None) -> tuple[str, ...]:
    """Return the kinds of customization that the agreement names."""
    return tuple(ready.customizations) if ready else ()


def _label(name: str) -> str:
    text = name.removeprefix("account.").replace("attr.", "").replace(".", " ").replace("_", " ")
    return text[:1].upper() + text[1:]
