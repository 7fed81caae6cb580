"""Any settings come back from file, flags and environment; whatever the file holds, nothing raises or gets lost."""

import argparse
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.settings import toml_file
from assistant.settings.access import KNOBS, SettingRefused, change, value
from assistant.settings.knob import Knob
from assistant.settings.overrides import add_flags, from_flags, resolve, variable
from assistant.settings.sections import Settings
from assistant.settings.store import Loaded, load, save


def values_of(knob: Knob) -> st.SearchStrategy[Any]:
    if knob.choices:
        return st.sampled_from(sorted(knob.choices))
    if knob.kind is bool:
        return st.booleans()
    if knob.kind is str:
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    assert knob.ge is not None and knob.le is not None
    if knob.kind is int:
        return st.integers(int(knob.ge), int(knob.le))
    return st.floats(knob.ge, knob.le)


@st.composite
def any_settings(draw: st.DrawFn) -> Settings:
    keys = draw(st.sets(st.sampled_from(sorted(KNOBS)), max_size=8))
    wanted = {key: draw(values_of(KNOBS[key])) for key in keys}
    try:
        return change(Settings(), wanted)
    except SettingRefused:  # release above start
        return change(Settings(), {key: new for key, new in wanted.items() if key not in ("vad.start", "vad.release")})


@settings(deadline=None, max_examples=50)
@given(st.lists(any_settings(), min_size=1, max_size=3))
def test_any_settings_come_back_from_the_file(
    tmp_path_factory: pytest.TempPathFactory, versions: list[Settings]
) -> None:
    file = tmp_path_factory.mktemp("home") / "settings.toml"
    for mine in versions:  # each save edits the text that the one before left
        assert save(file, mine) == ()
        loaded = load(file)
        assert loaded.settings == mine
        assert loaded.notices == ()


@settings(deadline=None, max_examples=50)
@given(
    st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))),
    any_settings(),
)
def test_a_file_of_junk_never_raises_and_is_never_lost(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, mine: Settings
) -> None:
    file = tmp_path_factory.mktemp("home") / "settings.toml"
    file.write_bytes(junk)
    loaded = load(file)
    save(file, mine)
    assert load(file).settings == mine
    if any("not TOML" in notice.text for notice in loaded.notices):
        assert [kept.read_bytes() for kept in file.parent.glob("*.broken")] == [junk]


keys = st.one_of(
    st.sampled_from([*Settings.model_fields, "start", "confirm_ms", "calm"]), st.text("ab.# \"'=é", max_size=4)
)
leaves = st.one_of(
    st.integers(-5, 2**70), st.floats(), st.booleans(), st.text(max_size=8), st.dates(), st.just([{"x": 1}, {"y": {}}])
)
documents = st.dictionaries(
    keys,
    st.recursive(
        leaves, lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(keys, inside, max_size=4))
    ),
    max_size=5,
)


def kept(old: Any, new: Any, path: tuple[str, ...] = ()) -> bool:
    """Whether everything of `old` that is no declared setting is in `new`."""
    if ".".join(path) in KNOBS:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return all(
            ".".join((*path, key)) in KNOBS
            or kept(inside, new.get(key, {} if isinstance(inside, dict) else "gone"), (*path, key))
            for key, inside in old.items()
        )
    return toml_file.same(old, new)


@settings(deadline=None, max_examples=50)
@given(documents, any_settings())
def test_foreign_toml_never_raises_and_is_never_lost(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any], mine: Settings
) -> None:
    text = toml_file.fresh(data)
    if text is None:
        return
    file = written(tmp_path_factory, text)
    load(file)
    save(file, mine)
    assert load(file).settings == mine
    if not list(file.parent.glob("*.broken")):
        assert kept(data, tomllib.loads(file.read_text(encoding="utf-8")))


@settings(deadline=None, max_examples=50)
@given(documents)
def test_loading_names_every_value_it_did_not_take(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    text = toml_file.fresh(data)
    if text is None:
        return
    loaded = load(written(tmp_path_factory, text))
    said = " ".join(notice.text for notice in loaded.notices)
    for section, table in data.items():
        for name, raw in table.items() if isinstance(table, dict) else ():
            key = f"{section}.{name}"
            if key in KNOBS and key not in loaded.written:
                assert key in said, raw
    assert all(value(loaded.settings, key) is not None for key in KNOBS)


def written(folders: pytest.TempPathFactory, text: str) -> Path:
    file = folders.mktemp("home") / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", ["--{key}={text}", "--set={key}={text}"])
@settings(deadline=None, max_examples=40)
@given(any_settings())
def test_any_settings_can_be_given_as_flags(form: str, mine: Settings) -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    typed = parser.parse_args([form.format(key=key, text=value(mine, key)) for key in KNOBS])
    assert resolve(Loaded(Settings()), {}, from_flags(typed)).settings == mine


@settings(deadline=None, max_examples=50)
@given(any_settings())
def test_any_settings_can_be_given_as_variables(mine: Settings) -> None:
    found = resolve(Loaded(Settings()), {variable(key): str(value(mine, key)) for key in KNOBS})
    assert found.settings == mine
    assert found.notices == ()


@settings(deadline=None, max_examples=50)
@given(any_settings(), any_settings(), any_settings())
def test_what_is_saved_is_what_the_next_start_without_overrides_should_have(
    in_file: Settings, given_now: Settings, moved_to: Settings
) -> None:
    flags = {variable(key): str(value(given_now, key)) for key in KNOBS}
    found = resolve(Loaded(in_file), flags)
    kept = found.to_save(moved_to)
    for key in KNOBS:
        assert value(kept, key) in (value(moved_to, key), value(in_file, key))
        if value(moved_to, key) != value(found.settings, key):
            assert value(kept, key) == value(moved_to, key)
