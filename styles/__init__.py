"""The looks and the rooms: data, and the little code that reads it."""
