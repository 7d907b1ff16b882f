"""Every kind of crack the watch knows, one module each."""
