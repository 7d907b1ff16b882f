"""One's own account: signing in, the second factor, sessions, and what others see of oneself.

Nobody signs up: an administrator invites, or the company's own sign-in (OIDC) lets in whoever was
invited. What django-allauth brings and this room does not offer is unreachable.
"""
