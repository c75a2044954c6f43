"""Gates: rules in the registry, the program that checks a version, its verdict."""
