"""Positions of Chinese maps against the pairs published with coordtransform and eviltransform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.regions import datum
from app.regions.projection import project
from app.regions.terms import CoordinateSystem

SHIFTED = [
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]


@pytest.mark.parametrize(("plain", "shifted"), SHIFTED)
def test_published_pairs_of_gcj02(plain: tuple[float, float], shifted: tuple[float, float]) -> None:
    assert datum.wgs84_to_gcj02(*plain) == pytest.approx(shifted, abs=1e-6)
    assert datum.to_wgs84(*shifted, CoordinateSystem.GCJ02) == pytest.approx(plain, abs=1e-6)


def test_a_published_pair_of_bd09() -> None:
    assert datum.bd09_to_gcj02(116.404, 39.915) == pytest.approx(
        (116.39762729119315, 39.90865673957631), abs=1e-12
    )


def test_a_published_pair_from_baidu_to_wgs84() -> None:
    """Published with an undoing to the first order only: a metre."""
    plain = datum.to_wgs84(116.404, 39.915, CoordinateSystem.BD09)
    assert plain == pytest.approx((116.3913836995125, 39.907253214522164), abs=1.5e-5)


def test_wgs84_stays_and_abroad_nothing_is_shifted() -> None:
    assert datum.to_wgs84(108.98, 34.91, CoordinateSystem.WGS84) == (108.98, 34.91)
    assert datum.to_wgs84(2.35, 48.85, CoordinateSystem.GCJ02) == (2.35, 48.85)


@given(st.floats(74, 135), st.floats(18, 53))
def test_undoing_the_shift_is_exact(lng: float, lat: float) -> None:
    back = datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(lng, lat))
    assert back == pytest.approx((lng, lat), abs=1e-8)
    there, here = project(*datum.wgs84_to_gcj02(lng, lat)), project(lng, lat)
    assert max(abs(there[0] - here[0]), abs(there[1] - here[1])) < 1_000
