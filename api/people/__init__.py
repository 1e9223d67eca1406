"""People at the doors: signing in and out."""
