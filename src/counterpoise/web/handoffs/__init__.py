"""Hand-offs: marketing passes leads and sales takes them up, with a reason for every no.

What happens to a lead is kept as it was reported; where it stands is worked out from that, so that
the order in which reports arrive makes no difference.
"""
