"""The agreement in the room: read as a contract, drafted, proposed, negotiated, signed by both.

A draft is a text with numbered revisions. Proposing freezes one as the first wording of a
proposal; accepting a counter makes the next wording. Signatures are for one wording, by its
fingerprint; when both sides have signed the same one, it is ratified and written into the
workspace's folder of agreements, where it is read for ever.
"""
