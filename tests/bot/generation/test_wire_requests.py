import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.requests import (
    Drawing,
    GenerationRequest,
    ImageParams,
    ImagePayload,
    Owner,
    Params,
    Payload,
    Progress,
    PromptTurn,
    Sound,
    SpeechParams,
    SpeechPayload,
    TextParams,
    TextPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
    TurnRole,
)
from bot.generation.wire import (
    HEADER_BYTES,
    Command,
    Event,
    Made,
    Stepped,
    decode_commands,
    decode_events,
    encode_frame,
)
from bot.generation.wire_requests import begin, made

texts = st.text(st.characters(codec="utf-8"))
sounds = st.builds(Sound, st.integers(8_000, 48_000), st.binary(max_size=99))
asked = st.one_of(
    st.tuples(
        st.builds(
            TextPayload,
            st.tuples(st.builds(PromptTurn, st.sampled_from(TurnRole), texts)),
        ),
        st.builds(TextParams, st.integers(1, 9)),
    ),
    st.tuples(
        st.builds(TranscriptPayload, sounds),
        st.builds(TranscriptParams, st.none() | texts),
    ),
    st.tuples(
        st.builds(SpeechPayload, texts),
        st.builds(SpeechParams, st.floats(0.5, 2)),
    ),
    st.tuples(
        st.builds(ImagePayload, texts, texts, st.none() | st.binary(max_size=99)),
        st.builds(
            ImageParams,
            steps=st.integers(0, 99),
            guidance=st.none() | st.floats(0, 20),
            seed=st.none() | st.integers(0, 2**31),
        ),
    ),
)


def over(command: Command) -> Command:
    (read,) = decode_commands(encode_frame([command])[HEADER_BYTES:])
    return read


def back(event: Event) -> Event:
    (read,) = decode_events(encode_frame([event])[HEADER_BYTES:])
    return read


def test_event_with_nothing_in_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        _ = Made("1").piece


def test_what_utf_8_cannot_say_goes_over_as_a_mark() -> None:
    request = GenerationRequest(
        "1", "m", SpeechPayload("a\ud800"), SpeechParams(), Owner("a", "b")
    )

    command = begin(request)

    assert command.payload == SpeechPayload("a?")
    assert over(command) == command
    event = made("1", Transcript("b\ud800", "en", 1.0))
    assert back(event) == event


@given(asked)
def test_request_of_any_kind_arrives_as_it_was_sent(
    pair: tuple[Payload, Params],
) -> None:
    request = GenerationRequest("1", "m", *pair, Owner("a", "b"))
    command = begin(request)

    assert over(command) == command
    assert command.kind is request.kind


def test_large_preview_stays_behind_and_the_step_arrives() -> None:
    small, large = (Progress(3, 20, bytes(size)) for size in (1000, 300_000))

    assert back(made("1", small)) == Stepped("1", small)
    assert back(made("1", large)) == Stepped("1", Progress(3, 20))


@given(
    sounds
    | st.builds(Transcript, texts, texts, st.floats(0, 9))
    | st.builds(Drawing, st.binary(max_size=99), st.integers(1, 99), st.integers(1, 99))
)
def test_result_of_any_kind_arrives_as_it_was_made(
    result: Sound | Transcript | Drawing,
) -> None:
    event = back(made("1", result))

    assert isinstance(event, Made)
    assert event.piece == result
