"""Canonical views of each (style, room): for browsing, previews, live placement, and engines that warm up."""
