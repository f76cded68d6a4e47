"""Trains the embedded reader: from public questions to the one file that ships. See README.md in this folder."""
