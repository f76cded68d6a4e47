"""Evidence or nothing: reads what a writer claims, finds its quotes again, and lets only what holds through.

    markup.py   a writer's text, also piece by piece     → Statement(text, evidence)
    locate.py   words and an article                     → where they stand, character for character
    values.py   numbers, dates, amounts, percentages     → compared by meaning
    names.py    proper names                             → known from the evidence, or not
    gate.py     Statement + retrieved articles           → Grounded, or Withheld with its reason

No model, no library; well under 5 ms an answer.
"""
