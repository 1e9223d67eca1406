"""The demo catalog: products modelled in Python and shot in a white studio by the project's own renderer."""
