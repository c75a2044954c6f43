"""What the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact, with what is wrong about it, if anything is."""

    name: str
    value: str
    source: str = ""
    """Where the value came from."""
    problem: str = ""
    """One sentence; empty when all is well."""
    remedy: str = ""
    """The way out."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order in which they are read; names are unique."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong at all."""
        return all(finding.ok for finding in self.findings)

    def as_dict(self) -> dict[str, object]:
        """Return what ``doctor --json`` prints; programs rely on its keys."""
        return {
            "ok": self.ok,
            "findings": {
                finding.name: {
                    "ok": finding.ok,
                    "value": finding.value,
                    "source": finding.source,
                    "problem": finding.problem,
                    "remedy": finding.remedy,
                }
                for finding in self.findings
            },
        }
