"""The glossary against the code: each term leads somewhere, and each model and enumeration has its term."""

import importlib
import pkgutil
import tomllib
from typing import Any

import app
from app import models
from app.core.terms import LabelledEnum
from tests.conftest import PROJECT

GLOSSARY = PROJECT / "app" / "glossary.toml"


def terms() -> list[dict[str, Any]]:
    return list(tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["term"])


def resolve(path: str) -> object:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def enumerations() -> set[str]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith("terms") or module.name.startswith("app.core"):
            importlib.import_module(module.name)
    return {
        f"{c.__module__}.{c.__qualname__}"
        for c in LabelledEnum.__subclasses__()
        if c.__module__[:4] == "app."
    }


def tables() -> set[str]:
    mappers = models.Base.registry.mappers
    return {f"{m.class_.__module__}.{m.class_.__qualname__}" for m in mappers}


def test_each_term_is_complete_and_leads_to_code() -> None:
    for term in terms():
        assert term["zh"]
        assert term["en"]
        assert term["source"]
        resolve(term["code"])


def test_no_term_stands_twice() -> None:
    codes = [term["code"] for term in terms()]
    assert len(codes) == len(set(codes))


def test_each_model_and_enumeration_has_its_term() -> None:
    assert enumerations() | tables() <= {term["code"] for term in terms()}


def test_docstrings_of_models_and_enumerations_begin_with_the_chinese_term() -> None:
    by_code = {term["code"]: term["zh"] for term in terms()}
    wrong = [
        code
        for code in sorted(enumerations() | tables())
        if not (resolve(code).__doc__ or "").startswith(by_code[code])
    ]
    assert wrong == []
