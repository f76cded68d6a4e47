"""`qa chat`: a conversation on a terminal, or through a pipe.

command.py    what the command line asks for: a list, a terminal's conversation, a pipe's
terminal.py   the loop on a terminal: read a line, answer it, survive what happens
piped.py      the same without one: a question a line, answers out
chat.py       Chat: the conversation with its filters, its model, its file; asks, resumes
slash.py      the slash commands
saving.py     a conversation as Markdown or JSON
line.py       the line that is typed: editing, history, completion, what is typed ahead (prompt_toolkit)
screen.py     what is shown: answers as they stream, the line beneath, an article around a quote
flow.py       Markdown as it streams, in the lines of a terminal
"""
