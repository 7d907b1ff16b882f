"""The frame of every page: navigation, looks, figures as people read them, and errors."""
