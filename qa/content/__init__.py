"""Content that people write: articles and prompts, read and made uniform."""
