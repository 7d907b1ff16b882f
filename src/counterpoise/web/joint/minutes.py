"""The minutes of a joint review as Markdown, to take along."""

from __future__ import annotations

import re
from collections.abc import Iterator

from counterpoise.web.joint.page import ReviewPage, Spoken
from counterpoise.web.shell.templatetags.figures import day, moment

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BEGINS_A_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def minutes_of(page: ReviewPage) -> str:
    """Return the minutes: what was spoken of, section by section, and what was not."""
    return "\n".join(_lines(page)).rstrip() + "\n"


def _lines(page: ReviewPage) -> Iterator[str]:
    review = page.review
    yield f"# Joint review, {moment(review.starts_at)}"
    yield ""
    there = [f"{each.user} ({each.side})" for each in page.presences if each.is_there]
    if there:
        yield f"There: {written(', '.join(there))}."
        yield ""
    if review.state == "skipped":
        yield f"Skipped. {written(review.reason)}".rstrip()
        return
    for part in page.parts:
        yield f"## {part.heading.title}"
        yield ""
        for spoken in part.points:
            yield from _point(spoken)
        yield ""
    yield from _promised(page)


def _point(spoken: Spoken) -> Iterator[str]:
    former = spoken.former
    about = f" ({former.action.owner}, {former.says})" if former else ""
    yield f"- {written(spoken.point.says + about)}"
    for paragraph in spoken.paragraphs:
        yield ""
        yield f"  {written(paragraph.strip())}"
    for decision in spoken.decisions:
        if not decision.struck_at:
            yield ""
            yield f"  **Decided:** {written(_line(decision.text))}"
    for each in spoken.actions:
        yield ""
        yield f"  **To do:** {_promise(each.action.text, str(each.action.owner), each.says)}"


def _promised(page: ReviewPage) -> Iterator[str]:
    actions = [each for spoken in page.points for each in spoken.actions]
    if not actions:
        return
    yield "## What was promised"
    yield ""
    for each in sorted(actions, key=lambda one: (one.action.due_on, one.action.pk)):
        box = "x" if each.action.state == "done" else " "
        due = day(each.action.due_on)
        yield f"- [{box}] {_promise(each.action.text, str(each.action.owner), due)}"


def _promise(text: str, owner: str, when: str) -> str:
    return f"{written(_line(text))} ({written(owner)}, {when})"


def _line(text: str) -> str:
    return " ".join(text.split())


def written(text: str) -> str:
    r"""Return words that Markdown reads as words.

    >>> written("1. *Not* a list"), written("- no")
    ('1\\. \\*Not\\* a list', '\\- no')
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    begun = _BEGINS_A_BLOCK.match(escaped)
    if begun is None:
        return escaped
    mark = begun[2]
    return f"{begun[1]}{mark[:-1]}\\{mark[-1]}{escaped[begun.end() :]}"
