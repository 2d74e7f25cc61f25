from pathlib import Path

import pytest

from alerting.output import BadInput
from alerting.scenarios.pictures import draw
from alerting.scenarios.session import play_files
from tests.scenarios.stories import story

TEXT = """series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 30m'}]
expect: [{alarm: busy, state: ALARM, at: 1h5m}]
"""


def test_each_file_has_a_picture_of_its_own(tmp_path: Path):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        story(tmp_path / name, TEXT)
    draw(play_files([tmp_path]), tmp_path / "out", lambda _: None)
    drawn = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in drawn] == ["story-2.png", "story.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in drawn)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(BadInput, match="cannot be written"):
        draw(play_files([story(tmp_path, TEXT)]), tmp_path / "out", lambda _: None)
