"""Tests of backend/terminal."""
