"""The stages of a model version."""

from enum import StrEnum


class Stage(StrEnum):
    """MLflow's four stages."""

    NONE = "None"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"

    @property
    def archives_existing(self) -> bool:
        """Whether MLflow can archive the versions already there (it refuses for the others)."""
        return self in (Stage.STAGING, Stage.PRODUCTION)
