"""`songgang vet`: one posting a line as JSON in, its findings a line out, in the same order."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import typer

from app.core.clock import SystemClock
from app.jobs.vetting import vet_sent


def vet() -> None:
    """审岗位：一行一个岗位（JSON），一行一个结果 {"findings": [...]}。"""
    today = SystemClock().today()
    try:
        for number, line in enumerate(sys.stdin, 1):
            sys.stdout.write(json.dumps(_answer(line, number, today), ensure_ascii=False) + "\n")
    except UnicodeDecodeError as error:
        sys.stderr.write("读不了：输入不是 UTF-8 文字。请先把文件另存为 UTF-8。\n")
        raise typer.Exit(2) from error


def _answer(line: str, number: int, today: Any) -> dict[str, Any]:
    """One line out for each line in: a line that is no posting says so, and the rest goes on."""
    try:
        sent = json.loads(line)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, Mapping):
        problem = f"第 {number} 行不是一个 JSON 对象，没有审。"
        sys.stderr.write(problem + "\n")
        return {"findings": [], "error": problem}
    findings = [
        {
            "rule": finding.rule.value,
            "severity": finding.severity.value,
            "quote": finding.quote,
            "advice": finding.advice,
            "label": finding.rule.label,
            "law": finding.law,
            "field": finding.field,
        }
        for finding in vet_sent(sent, today)
    ]
    return {"findings": findings}
