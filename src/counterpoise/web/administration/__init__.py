"""Settings: one page that says how the room is set up and leads to where it is changed."""
