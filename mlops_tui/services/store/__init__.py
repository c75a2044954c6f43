"""The MLflow store: its client, its database, its failures as sentences."""
