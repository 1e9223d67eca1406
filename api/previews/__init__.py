"""Live previews over HTTP: a product laid into a room while somebody drags it."""
