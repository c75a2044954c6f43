"""The former name of ``services.launchers.slurm_node``.

Jobs that waited in Slurm during an upgrade still call it by this name.
"""

import runpy

if __name__ == "__main__":
    runpy.run_module("mlops_tui.services.launchers.slurm_node", run_name="__main__", alter_sys=True)
