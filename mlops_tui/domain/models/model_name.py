"""Which names MLflow takes for a registered model."""


def model_name_problem(name: str) -> str:
    """Return why MLflow would refuse the name, or an empty string (measured on 3.17)."""
    if not name.strip():
        return "A registered model needs a name."
    if "/" in name or ":" in name:
        return "A model name has no '/' or ':': they separate the parts of a model URI."
    if len(name) > MAX_LENGTH:
        return f"A model name has at most {MAX_LENGTH} characters."
    return ""


MAX_LENGTH = 256
"""The width of MLflow's column."""
