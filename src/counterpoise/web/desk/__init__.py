"""The desk in the room: try, ask, approve, counter, hand over while away, and link to the books.

The desk of the floor below decides; here a question becomes a request on record, its approvals
find the people who may give them, and what was agreed becomes a fact for the next review.
"""
