"""Makes measuring coverage cheaper for the tests of the app; importing this is enough.

Half of the work of a story is done in these parts of Textual, which call nothing of ours.
"""

import sys

from textual.css.stylesheet import Stylesheet
from textual.strip import Strip

from tests.unmeasured import leave_unmeasured

if sys.gettrace():
    leave_unmeasured(Stylesheet)
    leave_unmeasured(Strip, ("adjust_cell_length", "apply_filter", "apply_style", "crop", "divide"))
