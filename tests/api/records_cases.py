"""Calls of what crosses rooms, for the permission test: imports, exports, merges."""

from uuid import uuid4

from shuke.api.pagination import global_id
from tests.api.cases import Case, mutation, query

RECORDS: dict[str, Case] = {
    "importJobs": query("{ importJobs { edges { node { id } } } }"),
    "importJob": query(
        "query($id: ID!) { importJob(id: $id) { id } }", lambda t: {"id": global_id("ImportJob", t.import_job)}, True
    ),
    "startImport": mutation(
        "startImport", lambda t: {"uploadId": global_id("ImportUpload", t.upload), "kind": "CUSTOMERS"}, aims=True
    ),
    "cancelImport": mutation("cancelImport", lambda t: {"id": global_id("ImportJob", t.import_job)}, aims=True),
    "duplicatePairs": query("{ duplicatePairs { edges { node { id } } } }"),
    "mergePreview": query(
        "query($a: ID!, $b: ID!) { mergePreview(winnerId: $a, loserId: $b) { winner { id } } }",
        lambda t: {"a": global_id("Customer", t.customer), "b": global_id("Customer", t.twin)},
        aims=True,
    ),
    "mergeCustomers": mutation(
        "mergeCustomers",
        lambda t: {
            "winnerId": global_id("Customer", t.customer),
            "loserId": global_id("Customer", t.twin),
            "winnerVersion": 1,
            "loserVersion": 1,
        },
        aims=True,
    ),
    "undoMerge": mutation("undoMerge", lambda t: {"mergeId": global_id("Merge", t.merge)}, aims=True),
    "dismissDuplicate": mutation("dismissDuplicate", lambda t: {"id": global_id("DuplicatePair", t.pair)}, aims=True),
    "reopenDuplicate": mutation("reopenDuplicate", lambda t: {"id": global_id("DuplicatePair", t.pair)}, aims=True),
    "undoImport": mutation("undoImport", lambda t: {"id": global_id("ImportJob", t.import_job)}, aims=True),
    "importFields": query("{ importFields { key label } }"),
    "exportColumns": query("{ exportColumns { key label own } }"),
    "exports": query("{ exports { edges { node { id } } } }"),
    "export": query("query($id: ID!) { export(id: $id) { id } }", lambda t: {"id": global_id("ExportJob", uuid4())}),
    "startExport": mutation(
        "startExport", lambda t: {"kind": "CUSTOMERS", "format": "CSV", "reason": "对一对会员名单"}
    ),
}
