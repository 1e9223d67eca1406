"""Where and when scenes are made, and the memory of it: settings, records, queue, tasks, catalog, publishing."""
