"""``python -m api.cli`` is ``imagegen``, also where nothing is installed."""

from api.cli import main

main()
