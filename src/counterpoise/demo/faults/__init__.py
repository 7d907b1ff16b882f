"""The kinds of faults that can be planted, one module a kind.

Adding a kind is adding one module here that defines `FAULT`: whom it may befall, and what it
changes at which moment in the making of the company.
"""
