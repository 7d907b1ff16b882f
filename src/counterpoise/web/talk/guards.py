"""What makes the database itself keep what was said, quoted, asked and answered.

Things may be named anew, people forgotten, and words withdrawn by who said them.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

_SETTLED = "OLD.state <> 'open'"
_ANSWERED = "OLD.id IN (SELECT words_id FROM talk_question WHERE state = 'answered')"

GUARDS = (
    Guard(
        "talk_words",
        "who said something and when is never changed",
        kept=("author_id", "at", "answers_id", "token"),
    ),
    Guard(
        "talk_words",
        "a quoted figure and its day are never changed",
        kept=("quote.label", "quote.value", "quote.note", "quote.day", "quote.source"),
        when="NEW.withdrawn_at IS NULL",
        name="quoted",
    ),
    Guard(
        "talk_words",
        "what was withdrawn stays withdrawn",
        kept=("withdrawn_at", "quote"),
        words=("text",),
        when="OLD.withdrawn_at IS NOT NULL",
        name="withdrawn",
    ),
    Guard(
        "talk_words",
        "what was asked and answered is never changed",
        kept=("withdrawn_at", "edited_at"),
        words=("text",),
        when=_ANSWERED,
        name="answered",
    ),
    Guard(
        "talk_question",
        "who was asked by which side and until when is never changed",
        kept=("words_id", "asker_side", "within", "due_at", "remind_at"),
    ),
    Guard(
        "talk_question",
        "a question is settled once",
        kept=("state", "settled_at", "settled_by_id", "owner_id", "owner_side", "overdue_at"),
        when=_SETTLED,
        name="settled",
    ),
    Guard(
        "talk_announcement",
        "when sales was told of a campaign is never changed",
        kept=("given_at", "given_by_id", "token"),
    ),
)
