"""The former name of ``services.launchers.settlement``.

Supervisors that ran during an upgrade still call it by this name.
"""

import runpy

if __name__ == "__main__":
    runpy.run_module("mlops_tui.services.launchers.settlement", run_name="__main__", alter_sys=True)
