"""Pages of hand-offs: the boards, passing, answering."""
