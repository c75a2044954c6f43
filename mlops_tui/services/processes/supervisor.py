"""The former name of ``services.launchers.supervisor``.

Jobs that waited for a slot during an upgrade still call it by this name.
"""

import runpy

if __name__ == "__main__":
    runpy.run_module("mlops_tui.services.launchers.supervisor", run_name="__main__", alter_sys=True)
