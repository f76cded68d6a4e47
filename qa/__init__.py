"""Ask news articles a question; get an answer that shows its evidence, or is told that they do not say."""

__version__ = "0.1.0"
