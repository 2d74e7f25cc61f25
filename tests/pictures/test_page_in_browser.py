"""The page of pictures in a headless Chromium."""

import json

import pytest

from tests.pictures.browser import CHROMIUM, opened
from tests.pictures.examples import html, panel

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here"),
]

DRAWN = """new Promise(done => {
    const wait = () => document.querySelectorAll(".panel canvas").length == 2
        ? done(true) : setTimeout(wait, 20);
    wait();
})"""
VERMILLION = """(() => {
    const canvas = document.querySelector(".panel canvas");
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
        if (data[i] == 213 && data[i + 1] == 94 && data[i + 2] == 0) count++;
    return count;
})()"""
PICTURE = "document.querySelector('.panel canvas').toDataURL()"
CHANGED = f"""new Promise((done, fail) => {{{{
    setTimeout(() => fail("nothing has changed"), 5000);
    const wait = () => {PICTURE} != {{}} ? done(true) : setTimeout(wait, 20);
    wait();
}}}})"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    file = folder / "report.html"
    file.write_text(html(panel("one"), panel("two")), encoding="utf-8")
    with opened(file, folder / "profile") as seen:
        seen.value(DRAWN)
        yield seen


def test_nothing_is_complained_of(seen):
    assert seen.complaints == []


def test_nothing_is_asked_for(seen):
    assert seen.requests == []


def test_a_request_and_an_error_would_be_noticed(tmp_path):
    file = tmp_path / "bad.html"
    file.write_text("<script src='http://127.0.0.1:9/x.js'></script><script>nothing()</script>")
    with opened(file, tmp_path / "profile") as seen:
        assert seen.requests == ["http://127.0.0.1:9/x.js"]
        assert any("nothing is not defined" in one for one in seen.complaints)


def test_every_panel_is_drawn_as_wide_as_the_page(seen):
    widths = seen.value("[...document.querySelectorAll('.panel canvas')].map(c => c.clientWidth)")
    assert len(widths) == 2
    assert all(width > 1000 for width in widths)


def test_the_alarms_are_in_the_page(seen):
    assert "90 against 12 to 18" in seen.value("document.body.innerText")


def test_alarms_are_drawn_in_their_colour(seen):
    """The triangle where the alarm begins; the legend has less of it."""
    assert seen.value(VERMILLION) > 100


def test_the_wheel_zooms_into_time(seen):
    x, y = seen.value(
        "(r => [r.x, r.y])(document.querySelector('.panel canvas').getBoundingClientRect())"
    )
    seen.mouse("mouseMoved", x + 500, y + 150)
    before = seen.value(PICTURE)
    seen.mouse("mouseWheel", x + 500, y + 150, deltaX=0, deltaY=-240)
    seen.value(CHANGED.format(json.dumps(before)))
