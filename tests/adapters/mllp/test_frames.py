import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.mllp.frames import Decoder, Received, Unframed, framed

WORDS = st.binary(max_size=60).map(lambda b: b.replace(b"\x0b", b"").replace(b"\x1c", b""))


def decoded(pieces: list[bytes], limit: int = 1000) -> list[Received]:
    decoder = Decoder(limit)
    return [found for piece in pieces for found in decoder.feed(piece)]


@given(st.lists(WORDS, max_size=6), st.data())
def test_messages_come_back_however_they_are_cut(
    messages: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(framed(message) for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert [found.message for found in decoded(pieces)] == messages


def test_a_missing_return_and_line_breaks_between_frames_are_borne() -> None:
    stream = b"\r\n\x0bone\x1c\x0btwo\x1c\n\r \x0bthree\x1c\r"

    assert [found.message for found in decoded([stream])] == [b"one", b"two", b"three"]


def test_a_frame_that_starts_anew_takes_the_place_of_the_first() -> None:
    assert [f.message for f in decoded([b"\x0bMSH|half", b"\x0bMSH|whole\x1c\r"])] == [b"MSH|whole"]


def test_a_long_frame_keeps_its_head_and_the_next_is_whole() -> None:
    pieces = [b"\x0bMSH|head" + b"x" * 900, *[b"y" * 900] * 50, b"\x1c\r" + framed(b"next")]

    long, following = decoded(pieces)

    assert (long.is_too_long, long.size, len(long.message)) == (True, 45_908, 4096)
    assert long.message.startswith(b"MSH|head")
    assert following == Received(b"next", 4)


@given(st.integers(1, 300), st.lists(st.binary(min_size=1, max_size=400), max_size=20))
def test_no_more_than_the_limit_is_ever_held(limit: int, pieces: list[bytes]) -> None:
    decoder = Decoder(limit)
    try:
        for piece in pieces:
            list(decoder.feed(b"\x0b" + piece.replace(b"\x0b", b"")))
            held = sum(len(part) for part in decoder._parts)
            assert held <= max(limit, 4096)
    except Unframed:
        return


def test_what_is_no_mllp_is_told() -> None:
    with pytest.raises(Unframed):
        decoded([b"GET / HTTP/1.1\r\n" * 300])
