"""Widgets: the explorer."""
