"""Cracks: where agreement and reality part, from finding to healing.

A review's watch finds them; `measuring` writes what each review measured and moves the life of a
crack (`life`) on. People answer, own and accept (`acting`); only measurement closes.
"""
