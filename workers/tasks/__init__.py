"""What workers do, thinly: load, call imagegen, store, advance the state."""
