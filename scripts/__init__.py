"""What the project's own commands run; no part of the product."""
