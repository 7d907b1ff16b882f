"""The ledger in the room: every figure of the last review, cut as one likes, down to its rows.

Figures of the whole come from the kept review; those of a selection are added up from its kept
deals. Rows open only to those in whose scope they are.
"""
