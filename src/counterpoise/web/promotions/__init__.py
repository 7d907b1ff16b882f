"""Promotions: the calendar that both sides see, requests for the next one, and their approvals.

What the books know of promotions stands beside what was asked and agreed here. Everybody who is
signed in sees the calendar; who may answer follows from the ladder of the agreement.
"""
