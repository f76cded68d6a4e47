"""Ask news articles a question; get an answer that shows its evidence, or is told that they do not say."""

import os

__version__ = "0.1.0"

# Nothing that runs here reports to anyone: onnxruntime and chromadb would, unless told before they are first imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
