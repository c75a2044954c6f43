"""The exit codes of the command."""

FINE = 0
NOTHING = 1
"""Nothing was found, nobody answered, scoring failed, a model needs a person, or the doctor
complains."""
WRONG_USE = 2
GATE = 3
"""A version failed the gate of a stage, or the gate has not been run."""
DRIFT = 3
"""A column of a table has drifted."""
FAULT = 70
"""A bug in mlops-tui: ``EX_SOFTWARE`` of ``sysexits.h``."""
INTERRUPTED = 130
"""128 + SIGINT, as shells report a command that ctrl+c ended."""
CLOSED_PIPE = 141
"""128 + SIGPIPE, as shells report a command whose reader went away."""

EXIT_CODES = """\
exit codes:
  0  success
  1  nothing found, store or server did not answer, scoring failed, a model needs you (status),
     or the doctor found a problem
  2  wrong usage: a flag, filter or setting is not valid
  3  a version failed a gate, or the gate has not been run; a table has drifted
  70 a bug in mlops-tui
"""
