"""Joint reviews: both sides sit together over an agenda that writes itself, and keep minutes.

When the next one is due stands in the agreement; what is to be spoken of, each feature knows.
What was promised is somebody's until a day, and the next agenda begins with it.
"""
