"""Notices: what a person is told by mail or chat, each thing once.

`notify` writes what is to be sent in the transaction of what it is about; a chore sends it. A
delivery that a dying worker left half done is not sent again, since it may have gone out.
"""
