"""The former place of ``slurm_node``."""
