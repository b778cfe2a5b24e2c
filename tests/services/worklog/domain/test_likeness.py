"""When texts and pictures are alike, at the boundary."""

from __future__ import annotations

from PIL import Image, ImageDraw

from services.worklog.domain.likeness import comparable, grams, look_of, near, similar


def words(count: int, start: int = 0x4E00) -> str:
    """`count` different characters."""
    return "".join(chr(start + number) for number in range(count))


def test_short_diaries_have_nothing_to_compare():
    assert grams(words(29)) == frozenset()
    assert len(grams(words(30))) == 26
    assert grams(" ".join(words(30))) == grams(words(30))  # white space is none of it


def test_nine_tenths_of_the_richer_one_are_alike():
    whole = grams(words(44))  # 40 grams
    assert similar(whole, grams(words(40)))  # 36 of 40
    assert not similar(whole, grams(words(39)))
    assert similar(grams(words(40)), whole)
    assert not similar(frozenset(), frozenset())


def test_whatever_is_similar_is_found_by_its_number():
    for count in range(26, 400):
        fewest, most = comparable(count)
        assert [other for other in range(1, 500) if min(count, other) * 10 >= 9 * max(count, other)] == list(range(fewest, most + 1))


def test_a_picture_scaled_and_compressed_again_looks_the_same_and_another_does_not():
    picture = Image.new("RGB", (900, 800), "white")
    draw = ImageDraw.Draw(picture)
    for number in range(40):
        draw.rectangle((number * 97 % 850, number * 61 % 750, number * 97 % 850 + 60, number * 61 % 750 + 40), fill=(number * 37 % 256,) * 3)
    look = look_of(picture)
    assert near(look.bits, look_of(picture.resize((300, 267))).bits)
    assert not near(look.bits, look_of(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)).bits)
    assert int(look.bits, 16) == look.high << 44 | look.middle << 22 | look.low
    assert near("0000000000000000", "0000000000000003")
    assert not near("0000000000000000", "0000000000000007")
