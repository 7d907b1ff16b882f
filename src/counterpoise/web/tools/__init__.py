"""Value tools: what marketing makes for sellers to close on value, and what sellers ask it for.

The library holds what was imported and what was made here; the desk and a deal's page offer what
fits. Uses, tools and requests are facts for the next review. Requests for tools and what was heard
from customers go from sellers to marketing, have an owner, and are answered.
"""
