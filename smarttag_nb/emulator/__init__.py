"""The cloud on this machine: a stand-in that real clients accept."""
