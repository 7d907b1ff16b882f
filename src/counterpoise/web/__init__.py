"""The room: the web application where both sides see, ask, answer and sign.

Thin: it reads requests, calls the floors below and renders what they say. Every folder is one
feature with the same rooms (`views`, `urls`, `forms`, `models`, `templates`, `static`); what a
feature adds to the whole (its place in the navigation, what waits for a person, what a search
finds) it declares in its own folder.
"""
