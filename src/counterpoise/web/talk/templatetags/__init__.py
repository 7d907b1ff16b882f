"""Tags by which any page shows the thread of its thing."""
