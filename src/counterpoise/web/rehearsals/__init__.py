"""The rehearsal in the room: another agreement tried on the company's own past before it is signed.

Rates are moved on the table of limits as it stands in the contract; past deals are answered anew
at once, and what the change would have done is estimated by the worker. Candidates are kept side
by side, shared by their address, and attached to a draft or a proposal so that signers see what
they sign.
"""
