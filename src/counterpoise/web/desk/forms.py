"""The forms of the desk. What a figure may be is the desk's to say; these lay out fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from counterpoise.desk.request import Problem
from counterpoise.web.desk.delegation import stand_ins_for
from counterpoise.web.desk.models import LONGEST_NOTE
from counterpoise.web.desk.question import FACT, Question
from counterpoise.web.desk.turning import TurningFact
from counterpoise.web.people.models import User

_LONGEST = 200
_FIELDS = {
    "deal_id": "deal",
    "account_id": "account",
    "list_amount": "amount",
    "net_amount": "net",
    "rate": "rate",
    "currency": "currency",
    "term_months": "term_months",
    "payment": "payment",
}


def _text(label: str, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(
        label=label, required=False, max_length=_LONGEST, widget=widget, help_text=hint
    )


class QuestionForm(forms.Form):
    """What is asked: account, amount, rate or net; the rest where it matters."""

    account = _text("Account", list="accounts", placeholder="Name or id")
    amount = _text("At list price", inputmode="decimal", placeholder="50,000")
    rate = _text("Discount", inputmode="decimal", placeholder="10")
    net = _text("or net price", inputmode="decimal", placeholder="45,000")
    deal = _text("Deal", "Its id in the CRM.")
    term_months = _text("Term in months", inputmode="numeric")
    payment = _text("Payment", list="payments")
    currency = _text("Currency", "If another than ours.", maxlength="3")

    def __init__(
        self,
        question: Question,
        turning: Iterable[TurningFact] = (),
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(initial=_initial(question), auto_id="ask-%s")
        self.turning = tuple(turning)
        for fact in self.turning:
            field = _text(fact.label, **({"list": f"list-{fact.name}"} if fact.choices else {}))
            field.initial = dict(question.facts).get(fact.name, "")
            self.fields[f"{FACT}{fact.name}"] = field
        for name, shown in (placeholders or {}).items():
            self.fields[name].widget.attrs["placeholder"] = shown

    def put_problems(self, problems: Iterable[Problem]) -> list[str]:
        """Lay what is wrong beside its fields; return what belongs to none of them."""
        self.cleaned_data: dict[str, Any] = {}
        self._errors = forms.utils.ErrorDict()
        rest = []
        for problem in problems:
            name = self._field_of(problem.field)
            if name:
                self.add_error(name, problem.says)
            else:
                rest.append(said(problem))
        return rest

    def further(self) -> list[tuple[TurningFact, forms.BoundField]]:
        """Return the further facts of the deal that an answer may turn on."""
        return [each for each in self._further() if not each[0].is_of_account]

    def of_account(self) -> list[tuple[TurningFact, forms.BoundField]]:
        """Return the facts of an account, for one that is not in the books."""
        return [each for each in self._further() if each[0].is_of_account]

    def _further(self) -> list[tuple[TurningFact, forms.BoundField]]:
        return [(fact, self[f"{FACT}{fact.name}"]) for fact in self.turning]

    def _field_of(self, where: str) -> str | None:
        name = where.removeprefix("deal.")
        if name in _FIELDS:
            return _FIELDS[name]
        return f"{FACT}{name}" if f"{FACT}{name}" in self.fields else None


def said(problem: Problem) -> str:
    """Say a problem with its place in words.

    >>> said(Problem("deal.lines[1].quantity", "it is missing"))
    'Lines 2 quantity: it is missing'
    """
    where = problem.field.removeprefix("deal.")
    if "[" in where:
        part, _, rest = where.partition("[")
        at, _, name = rest.partition("]")
        where = f"{part} {int(at) + 1} {name.lstrip('.')}"
    where = where.replace("_", " ").replace(".", " ").strip()
    return f"{where[:1].upper()}{where[1:]}: {problem.says}" if where else problem.says


def _initial(question: Question) -> dict[str, str]:
    return {name: getattr(question, name) for name in _FIELDS.values()}


class CommentForm(forms.Form):
    """An approver's words."""

    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why, for who asked. The customer never sees it.",
    )


class DelegationForm(forms.Form):
    """Who stands in, and for which days."""

    delegate = forms.ModelChoiceField(
        User.objects.none(), label="Who answers", empty_label="Choose a person"
    )
    from_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="That day included.",
    )

    def __init__(self, giver: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        able = [user.pk for user in stand_ins_for(giver)]
        chosen = self.fields["delegate"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = User.objects.filter(pk__in=able)
        self.fields["from_on"].initial = timezone.localdate
