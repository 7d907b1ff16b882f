"""Books: where facts come from, what is wrong with them, and which snapshot is in use."""
