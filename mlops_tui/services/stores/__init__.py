"""Stores to choose from: their states, those used lately, tunnels to them."""
