"""`songgang parse`: reads lines as offices write them, one JSON object a line, in the same order."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import typer

from app.jobs.reading.age import read_age
from app.jobs.reading.wage import read_wage
from app.occupations.reading import read_occupation
from app.regions.reading import read_address

app = typer.Typer(no_args_is_help=True, help="读懂一行字：工钱、年龄、地址、工种。")


def _read_lines(read: Callable[[str], Mapping[str, Any]]) -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(read(line.rstrip("\r\n")), ensure_ascii=False) + "\n")


def _wage(text: str) -> dict[str, Any]:
    reading = read_wage(text)
    return {
        "min_fen": reading.min_fen,
        "max_fen": reading.max_fen,
        "unit": reading.unit,
        "negotiable": reading.negotiable,
    }


def _age(text: str) -> dict[str, Any]:
    reading = read_age(text)
    return {"min": reading.min, "max": reading.max, "gender": reading.gender}


def _address(text: str) -> dict[str, Any]:
    reading = read_address(text)
    return {"code": reading.code, "name": reading.name, "candidates": list(reading.candidates)}


def _occupation(text: str) -> dict[str, Any]:
    reading = read_occupation(text)
    return {"code": reading.code, "name": reading.name, "score": round(reading.score, 4)}


@app.command("wage")
def wage() -> None:
    """工钱：{"min_fen", "max_fen", "unit", "negotiable"}"""
    _read_lines(_wage)


@app.command("age")
def age() -> None:
    """年龄：{"min", "max", "gender"}"""
    _read_lines(_age)


@app.command("address")
def address() -> None:
    """地址：{"code", "name", "candidates"}"""
    _read_lines(_address)


@app.command("occupation")
def occupation() -> None:
    """工种：{"code", "name", "score"}"""
    _read_lines(_occupation)
