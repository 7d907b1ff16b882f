"""What is raised when whoever reads the output has left, as `head` does after its lines."""


class ReaderLeftError(Exception):
    """Nobody reads on; the command ends without a word."""
