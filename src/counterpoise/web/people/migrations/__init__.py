"""The steps of the database of `people`."""
