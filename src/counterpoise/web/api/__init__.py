"""The API: what pages do, for programs. One module a thing that programs ask for, in `routes`.

Every call carries a token of a person or of a program that a person answers for; it sees what
that person may see, and does what its scopes allow. Errors are problem details (RFC 9457).
"""
