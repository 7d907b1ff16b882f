"""The trade in the ledger: promotions, brands and accounts as the last review measured them.

Figures of brands and accounts are for everyone on both sides. A promotion opens to those whose it
is: `reach` says to whom.
"""
