"""What the command line says when it cannot do what was asked.

CommandError
├── BadInputError        exit 2: what was typed or configured; say what to type instead
└── UnavailableError     exit 3: something outside is missing, full, taken or down
"""


class CommandError(Exception):
    """One sentence for a person, and an exit code for a script."""

    exit_code = 1


class BadInputError(CommandError):
    exit_code = 2


class UnavailableError(CommandError):
    exit_code = 3
