"""The cloud: a client for its operations, and a store for their answers."""
