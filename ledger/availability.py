"""When the record cannot be reached: nobody's fault, always worth trying again."""


class LedgerUnavailableError(Exception):
    """The database did not answer. What was asked may or may not have been kept: repeat it."""
