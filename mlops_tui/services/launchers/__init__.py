"""Processes that outlive the interface: started, watched, stopped here or on Slurm."""
