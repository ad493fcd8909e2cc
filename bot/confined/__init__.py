"""Processes that open what nobody may be trusted to have made well."""
