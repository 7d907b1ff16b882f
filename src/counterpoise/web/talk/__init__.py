"""Talk where the thing is: threads, questions with an owner, quotes of figures, campaign notice.

Who may open a thing may read and write its thread, and nobody else learns a word of it.
"""
