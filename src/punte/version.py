"""The version of punte, in one place."""

VERSION = "0.1.0"
