"""Kinds of records as data: fields, checks, decisions. Pure."""
