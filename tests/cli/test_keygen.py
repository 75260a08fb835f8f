import os
import stat

import pytest

from skanon import SecretKey


def test_keygen_writes_a_key_that_only_its_owner_can_read(skanon, tmp_path):
    path = tmp_path / "my.key"
    result = skanon("keygen", path)
    assert result.exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("base64:")
    assert len(SecretKey.from_file(path).resolve()) == 32


def test_keygen_says_where_the_key_is_and_its_fingerprint_alone(skanon, tmp_path):
    path = tmp_path / "my.key"
    result = skanon("keygen", path)
    key = SecretKey.from_file(path)
    assert str(path) in result.stdout
    assert key.fingerprint in result.stdout
    secret = path.read_text().strip().removeprefix("base64:")
    assert secret not in result.output
    assert key.resolve().hex() not in result.output


def test_keygen_writes_to_the_current_folder_unless_told_otherwise(
    skanon, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    skanon("keygen")
    assert [path.name for path in tmp_path.iterdir()] == ["skanon.key"]


def test_keygen_refuses_to_replace_a_key(skanon, tmp_path):
    path = tmp_path / "my.key"
    path.write_text("the old key, 16 bytes")
    result = skanon("keygen", path)
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {str(path)!r} exists. Pass --force to replace it, or name another "
        "file.\n"
    )
    assert path.read_text() == "the old key, 16 bytes"


def test_keygen_replaces_a_key_if_told_to_and_makes_it_private(skanon, tmp_path):
    path = tmp_path / "my.key"
    path.write_text("the old key, 16 bytes")
    path.chmod(0o644)
    assert skanon("keygen", path, "--force").exit_code == 0
    assert path.read_text().startswith("base64:")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keygen_does_not_write_through_a_symbolic_link(skanon, tmp_path):
    path, elsewhere = tmp_path / "my.key", tmp_path / "elsewhere"
    path.symlink_to(elsewhere)
    assert skanon("keygen", path).exit_code == 2
    assert not elsewhere.exists()


def test_the_key_file_is_private_before_the_key_is_in_it(skanon, tmp_path, monkeypatch):
    modes = []
    really_open = os.open

    def watched(path, flags, mode=0o777, **options):
        if str(tmp_path) in str(path):
            modes.append((bool(flags & os.O_EXCL), mode))
        return really_open(path, flags, mode, **options)

    monkeypatch.setattr(os, "open", watched)
    skanon("keygen", tmp_path / "my.key")
    assert modes == [(True, 0o600)]


@pytest.mark.parametrize("length", [16, 64])
def test_the_length_of_a_key_can_be_chosen(skanon, tmp_path, length):
    path = tmp_path / "my.key"
    skanon("keygen", path, "--bytes", length)
    assert len(SecretKey.from_file(path).resolve()) == length


def test_a_key_of_less_than_16_bytes_is_refused(skanon, tmp_path):
    result = skanon("keygen", tmp_path / "my.key", "--bytes", 15)
    assert result.exit_code == 2
    assert "Invalid value for '--bytes'" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_keygen_writes_to_standard_output_only_if_asked(skanon, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = skanon("keygen", "--stdout")
    monkeypatch.setenv("THE_KEY", result.stdout)
    assert len(SecretKey.from_env("THE_KEY").resolve()) == 32
    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_no_path(skanon, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = skanon("keygen", "-")
    assert result.exit_code == 2
    assert "pass --stdout instead of -" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_path_and_standard_output_at_once_are_refused(skanon, tmp_path):
    result = skanon("keygen", tmp_path / "my.key", "--stdout")
    assert result.exit_code == 2
    assert "give either PATH or --stdout, not both" in result.stderr
    assert "base64:" not in result.output


def test_a_folder_that_does_not_exist_is_named(skanon, tmp_path):
    result = skanon("keygen", tmp_path / "nowhere" / "my.key")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: Folder {str(tmp_path / 'nowhere')!r}, in which 'my.key' should be "
        "written, does not exist. Make it first.\n"
    )


def test_two_keys_are_different(skanon, tmp_path):
    skanon("keygen", tmp_path / "a"), skanon("keygen", tmp_path / "b")
    assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()
