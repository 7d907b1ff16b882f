"""The desk: an agreement meets facts and a decision comes out.

One deal is decided in plain Python (`decide`), any number of them as Ibis expressions (`judge`);
both read the same chain of rows and the same condition tree, and a property test holds them equal.
"""
