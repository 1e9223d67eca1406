"""How a scene is made: no database, no queue, no HTTP."""
