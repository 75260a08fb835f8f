"""Words of pictures are shortened, and axes make room for them."""

import pytest

from skanon._axes import fitting_size, place_of, settle, shortened, slot_of, width_of

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is absent")
matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

NAMES = [
    "patient_identifier_of_the_primary_residence_recorded_at_admission",
    "patient_municipality_of_the_primary_residence_recorded_at_admission",
    "patient_municipality_of_the_primary_workplace_recorded_at_admission",
    "sex",
]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_width_grows_with_text_and_size():
    assert 0 == width_of("") < width_of("i") < width_of("m") < width_of("mm")
    assert width_of("mm", 20) == pytest.approx(2 * width_of("mm", 10))
    assert width_of("short\nlonger") == width_of("longer")


def test_letters_that_the_font_lacks_are_measured_without_a_warning():
    assert width_of("\u6771\u4eac\u90fd") > width_of("\u6771") > 0


@pytest.mark.parametrize("n_characters", [8, 12, 20, 40])
def test_shortened_texts_fit_and_stay_different(n_characters):
    room = width_of("n" * n_characters)
    short = shortened([*NAMES, *NAMES], room)
    assert short[:4] == short[4:]
    assert len(set(short)) == 4
    assert short[3] == "sex"
    assert max(map(width_of, short)) <= room


def test_what_fits_is_left_alone():
    assert shortened(NAMES, width_of(max(NAMES, key=width_of))) == NAMES


def test_the_middle_is_left_out():
    (short,) = shortened(["begin_and_something_and_end"], width_of("n" * 12))
    head, tail = short.split("\u2026")
    assert "begin_and".startswith(head)
    assert "_and_end".endswith(tail)


def test_where_nothing_fits_one_character_stays():
    assert shortened(["abc", "abd"], 0) == ["\u2026\u2026", "\u2026\u2026"]


def test_letters_become_smaller_to_fit():
    room = width_of("some words", 7)
    assert fitting_size("some words", room, 10, 5) == pytest.approx(7)
    assert fitting_size("some words", room, 10, 8) == 8
    assert fitting_size("some words", room, 6, 5) == 6


@pytest.mark.parametrize("size", [(6.4, 4.8), (4, 3)])
def test_axes_make_room_for_their_words(size):
    figure, ax = plt.subplots(figsize=size)
    ax.set_yticks([0.5], ["a label that is wider than the margin"])
    ax.set_xticks([0.5], ["three\nlines\nof text"])
    ax.set_title("two lines\nof title")
    settle(ax)
    figure.canvas.draw()
    words, whole = ax.get_tightbbox(), figure.bbox
    assert whole.x0 <= words.x0 < words.x1 <= whole.x1
    assert whole.y0 <= words.y0 < words.y1 <= whole.y1
    assert ax.get_in_layout()


def test_axes_whose_words_fit_stay_as_they_are():
    _, ax = plt.subplots()
    before = ax.get_position().bounds
    settle(ax)
    assert ax.get_position().bounds == before
    place = place_of(ax)
    assert place.width == pytest.approx(6.4 * 0.775 * 72)
    assert place.height == pytest.approx(4.8 * 0.77 * 72)
    assert slot_of(ax) == pytest.approx((0, 0, 6.4 * 72, 4.8 * 72))


def test_words_do_not_take_more_than_a_part_of_the_axes():
    _, ax = plt.subplots(figsize=(2, 2))
    ax.set_yticks([0.5], ["a label that is wider than the whole figure is"])
    settle(ax)
    assert place_of(ax).width > 2 * 0.775 * 72 * 0.29


def test_the_slot_ends_where_other_axes_begin():
    _, axes = plt.subplots(2, 2)
    slots = [slot_of(ax) for ax in axes.flat]
    width = 6.4 * 72
    assert slots[0].left == slots[2].left == 0
    assert slots[1].right == slots[3].right == pytest.approx(width)
    right_edge = axes[0, 0].get_position().x1 * width
    assert slots[1].left == pytest.approx(right_edge)
    assert slots[0].bottom == pytest.approx(slots[1].bottom)
    assert slots[0].bottom > slots[2].bottom == 0
    assert slots[2].top < slots[0].top == pytest.approx(4.8 * 72)


def test_room_in_a_part_of_a_figure():
    figure = plt.figure(figsize=(8, 3))
    _, right = figure.subfigures(1, 2)
    ax = right.subplots()
    ax.set_yticks([0.5], ["a label that is wider than the margin"])
    settle(ax)
    figure.canvas.draw()
    assert right.bbox.x0 <= ax.get_tightbbox().x0
    assert slot_of(ax).width == pytest.approx(4 * 72)
