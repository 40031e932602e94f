"""码的图: the picture of a printed code, for paper and for a terminal (app.codes makes its text)."""

import io

import segno


def draw_svg(url: str) -> str:
    """The picture for print: level Q (a quarter may be dirty), quiet zone 4, black on white."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False, boost_error=False).save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue().decode()


def draw_terminal(url: str) -> str:
    """The picture in half-block characters for a terminal, dark ground or light."""
    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, compact=True, border=4)
    return out.getvalue()
