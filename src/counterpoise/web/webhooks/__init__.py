"""Webhooks: other programs are told of decisions and reviews, in messages that we sign.

Signed as Standard Webhooks has it (https://www.standardwebhooks.com). An administrator names an
address and what it hears of; the worker gathers what happened, sends it, and tries again.
"""
