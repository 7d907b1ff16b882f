"""Try another agreement on the company's own past before anybody signs it.

The replay answers every past deal by the candidate and assumes nothing. The effect estimates what
the candidate would have done to wins, revenue and margin, says how far to trust it, and refuses
where the books cannot tell.
"""
