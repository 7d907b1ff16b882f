"""People of the room: who they are, on which side, with which role, and how they sign in."""
