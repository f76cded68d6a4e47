"""One door for each outside library; its errors are translated there and go no further."""
