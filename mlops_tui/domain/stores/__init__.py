"""Stores by name, logins, tunnels."""
