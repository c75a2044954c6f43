"""How the command ends."""

FINE = 0
NOTHING = 1
"""Nothing was found, something failed, or the doctor found something."""
WRONG_USE = 2
FAULT = 70
"""As ``sysexits.h`` says it of a fault of the program itself."""
INTERRUPTED = 130
"""As shells say it of a command ended by ctrl+c."""
CLOSED_PIPE = 141
"""As shells say it of a command whose reader went away."""

EXIT_CODES = """\
exit codes:
  0  all is well
  1  nothing was found, the store did not answer, the doctor found something
  2  wrong use: a flag, a filter, or a setting that cannot be used
  70 a fault of mlops-tui itself
"""
