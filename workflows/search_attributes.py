"""The columns of the Temporal UI. Names read well as column heads; values are never personal."""

from temporalio.common import SearchAttributeKey

STAGE = SearchAttributeKey.for_keyword("RaccordStage")
PROVIDER = SearchAttributeKey.for_keyword("RaccordProvider")
OPERATOR = SearchAttributeKey.for_keyword("RaccordOperator")
DUE = SearchAttributeKey.for_datetime("RaccordDue")
ATTENTION = SearchAttributeKey.for_bool("RaccordAttention")
VERSION = SearchAttributeKey.for_int("RaccordVersion")

ALL = (STAGE, PROVIDER, OPERATOR, DUE, ATTENTION, VERSION)
