"""The pages of rehearsals, a module a kind of act."""
