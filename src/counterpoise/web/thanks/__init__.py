"""Thanks: what the other side did for a person, from books and room, and a word for it."""
