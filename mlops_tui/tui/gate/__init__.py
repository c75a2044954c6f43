"""The gate of a stage: its rules, running it, the verdict rule by rule."""
