from __future__ import annotations

import re

from exporter.rules.check import RULES, check
from exporter.rules.dialects import OPENAPI_3

_SWAGGER_WORDS = re.compile(
    r"consumes|produces|securityDefinitions|definitions/|formData|`host`|`schemes`|accessCode|in: body"
)


def test_rules_say_their_own_words_in_another_dialect() -> None:
    rules = {rule.id: rule for rule in RULES}
    for name, words in OPENAPI_3.items():
        assert words.message.count("{}") == (rules[name].message.count("{}") if words.message else 0)
        assert words.advice
        assert _SWAGGER_WORDS.search(words.message + words.advice) is None


def test_authors_of_openapi_3_are_told_in_their_words() -> None:
    document = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    advice = {one.rule: (one.message, one.advice) for one in check(document, words=OPENAPI_3)}
    assert "`servers`" in advice["host-required"][0]
    assert "`host`" in {one.rule: one.message for one in check(document)}["host-required"]
