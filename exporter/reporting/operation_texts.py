"""The English words of operations as makers see them; a part of the one table in page_texts."""

from __future__ import annotations

from collections.abc import Mapping

# fmt: off
OPERATION_TEXTS: Mapping[str, str] = {
    "operations": "What makers will see",
    "operations-actions": "Actions",
    "operations-triggers": "Triggers",
    "operations-none": "No operations.",
    "operations-find": "Search the operations",
    "operations-found": "{shown} of {all}",
    "operations-trigger-single": "when the API calls",
    "operations-trigger-batch": "looks for news from time to time",
    "operations-deprecated": "deprecated",
    "operations-advanced": "among the advanced ones",
    "operations-internal": "hidden from makers",
    "operations-asks": "Makers fill in",
    "operations-advanced-fields": "Behind the advanced options",
    "operations-internal-fields": "Never shown to makers",
    "operations-nothing": "Nothing.",
    "operations-required": "required",
    "operations-each": "in each of {name}",
    "operations-choices": "One of: {choices}",
    "operations-source": "asked of {operation}",
    "operations-default": "starts as {value}",
    "operations-sent": "sent as {value}",
    "operations-gives": "Later steps can use",
    "operations-gives-nothing": "Nothing that is described.",
    "operations-for-each": "For each of {name}:",
    "operations-body": "Body",
    "operations-more": "It has more than is shown here.",
    "kind-text": "text",
    "kind-date": "date",
    "kind-time": "date and time",
    "kind-file": "file",
    "kind-whole": "whole number",
    "kind-number": "number",
    "kind-truth": "yes or no",
    "kind-object": "object",
    "kind-many": "list",
    "kind-any": "anything",
    "kind-list": "list: {kind}",
}
# fmt: on
