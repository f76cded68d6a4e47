"""A run, and what changed since the baseline, for different readers: a terminal, a browser, GitHub, a CI server."""
