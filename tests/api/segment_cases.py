"""Calls of segments, for the permission test."""

from typing import Any
from uuid import uuid4

from shuke.api.pagination import global_id
from tests.api.cases import Case, Target, mutation, query


def a_segment(target: Target) -> dict[str, Any]:
    return {"id": global_id("Segment", target.segment)}


def a_rule(target: Target) -> dict[str, Any]:
    return {"tree": {"fact": "orders.count", "op": "ge", "value": 2}}


def a_name(target: Target) -> dict[str, Any]:
    return {"baseVersion": 0, "cells": [{"cell": "HHH", "names": {"zhCn": uuid4().hex[:20]}, "playbooks": {}}]}


def a_tag(target: Target) -> dict[str, Any]:
    return {"id": global_id("Tag", target.tag)}


def a_tag_group(target: Target) -> dict[str, Any]:
    return {"id": global_id("TagGroup", target.tag_group)}


def of_her(target: Target) -> dict[str, Any]:
    return {"tagId": global_id("Tag", target.tag), "customerIds": [global_id("Customer", target.customer)]}


def a_new_tag(target: Target) -> dict[str, Any]:
    return {"groupId": global_id("TagGroup", target.tag_group), "name": uuid4().hex[:30], "colour": "SKY"}


def two_tags(target: Target) -> dict[str, Any]:
    return {"winnerId": global_id("Tag", target.tag), "loserId": global_id("Tag", target.other_tag)}


def an_order(target: Target) -> dict[str, Any]:
    return {"groups": [{"groupId": global_id("TagGroup", target.tag_group), "tagIds": []}]}


SEGMENTS: dict[str, Case] = {
    "tagGroups": query("{ tagGroups { id name exclusive tags { id name colour kind customers } } }"),
    "saveTagGroup": mutation("saveTagGroup", lambda t: {"name": uuid4().hex[:30]}),
    "archiveTagGroup": mutation("archiveTagGroup", a_tag_group, aims=True),
    "restoreTagGroup": mutation("restoreTagGroup", a_tag_group, aims=True),
    "arrangeTags": mutation("arrangeTags", an_order, aims=True),
    "saveTag": mutation("saveTag", a_new_tag, aims=True),
    "archiveTag": mutation("archiveTag", a_tag, aims=True),
    "restoreTag": mutation("restoreTag", a_tag, aims=True),
    "mergeTags": mutation("mergeTags", two_tags, aims=True),
    "tagCustomers": mutation("tagCustomers", of_her, aims=True),
    "untagCustomers": mutation("untagCustomers", of_her, aims=True),
    "undoTagging": mutation("undoTagging", lambda t: {"id": global_id("TagBatch", t.tag_batch)}, aims=True),
    "tagBatches": query("{ tagBatches { id customers displaced { customers } tag { name } } }"),
    "refreshSegments": mutation("refreshSegments"),
    "rfmConfig": query("{ rfmConfig { version r f m } }"),
    "rfmPreview": query('{ rfmPreview(config: { r: "30" }) { customers problems { message } } }'),
    "saveRfmConfig": mutation("saveRfmConfig", lambda t: {"baseVersion": 0, "config": {"r": "60"}}),
    "rfmCells": query("{ rfmCells { cells { cell name customers } } }"),
    "saveRfmCells": mutation("saveRfmCells", a_name),
    "segmentList": query("{ segmentList { id name members filling } }"),
    "segment": query("query($id: ID!) { segment(id: $id) { id sentence } }", a_segment, True),
    "segmentFacts": query("{ segmentFacts { key ops } }"),
    "segmentPreview": query("query($tree: RuleTree!) { segmentPreview(tree: $tree) { customers } }", a_rule),
    "segmentWhy": query(
        "query($id: ID!, $her: ID!) { segmentWhy(segmentId: $id, customerId: $her) { fits } }",
        lambda t: a_segment(t) | {"her": global_id("Customer", t.customer)},
        aims=True,
    ),
    "saveSegment": mutation("saveSegment", lambda t: {"name": f"熟客 {uuid4().hex}", **a_rule(t)}),
    "archiveSegment": mutation("archiveSegment", a_segment, aims=True),
    "restoreSegment": mutation("restoreSegment", a_segment, aims=True),
    "predictions": query("{ predictions { asOf models { state } labels { name customers } } }"),
    "predictedCustomers": query("{ predictedCustomers(label: CHURN_RISK) { id } }"),
    "retrainPredictions": mutation("retrainPredictions"),
    "freezeSegment": mutation("freezeSegment", lambda t: a_segment(t) | {"name": f"名单 {uuid4().hex}"}, True),
}
