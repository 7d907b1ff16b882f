"""Read values as people write them, column by column, by the evidence of the whole column.

`numbers`, `moments` and `words` each know three things about a column of text, as SQL of the
import's engine: how to read it when it is plainly written, which form each value has (the
evidence), and how to read it in the style that the evidence decided. Values that cannot be read
become NULL; the caller keeps their text.
"""
