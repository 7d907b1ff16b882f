"""The audit trail: what was asked, decided, signed, imported and set, and by whom.

Every entry is chained to the one before it by an HMAC whose key stands outside the database, and
the database itself refuses to change or remove one. Entries hold ids and figures; names stand in
tables that can be erased.
"""
