"""Pages of joint reviews, what is written on them, and calendars."""
