"""Forgetting what a person wrote in their own words; that they wrote stays."""

from __future__ import annotations

from counterpoise.web.people.models import User
from counterpoise.web.talk.models import Mention, Question, Words, WordsFile


def forget(user: User) -> None:
    """Remove a person's words and files. Questions that they owed wait for another owner."""
    Words.objects.filter(author=user).exclude(text="").update(text="")
    WordsFile.objects.filter(words__author=user).delete()
    Mention.objects.filter(user=user).delete()
    Question.objects.filter(owner=user, state="open").update(owner=None)
