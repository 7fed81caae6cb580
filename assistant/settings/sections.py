"""Every setting of Interject, each declared once: type, default, range, step, unit and words."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from assistant.settings.knob import Section, knob

FRAME_MS = 16
"""A decision is made so often."""
WINDOW_MS = 32
"""What is judged each time, the frame and the one before: 512 samples at 16 kHz, all that Silero takes."""


class Audio(Section):
    """The sound devices and their stream."""

    input: str = knob("", label="Microphone", help="Name of the microphone. Empty follows the system's choice.")
    output: str = knob(
        "", label="Loudspeaker", help="Name of the loudspeaker or headphones. Empty follows the system's choice."
    )
    block_ms: int = knob(
        5,
        ge=5,
        le=40,
        step=5,
        unit="ms",
        label="Block length",
        help="Sound moves in blocks of this length. Longer blocks help a busy processor and stop a little later.",
    )
    volume_db: float = knob(
        0,
        ge=-40,
        le=0,
        step=1,
        unit="dB",
        label="Volume",
        help="How loud Interject speaks, below full level. The echo canceller knows it.",
    )


class Echo(Section):
    """How Interject tells its own voice from yours."""

    canceller: Literal["linear", "off"] = knob(
        "linear",
        choices={"linear": "Linear filter", "off": "Off"},
        label="Echo canceller",
        help="Takes the loudspeaker's sound out of the microphone's. On headphones it finds nothing to take.",
    )
    path: Literal["auto", "headphones", "loudspeakers"] = knob(
        "auto",
        choices={"auto": "Found out by itself", "headphones": "Headphones", "loudspeakers": "Loudspeakers"},
        label="Heard on",
        help="On headphones the canceller rests and no echo is expected, on loudspeakers one always is.",
    )
    margin_db: float = knob(
        6,
        ge=0,
        le=20,
        step=1,
        unit="dB",
        label="Margin over echo",
        help="How much louder than its own expected echo a sound must be to stand out. Only with speakers.",
    )
    evidence: float = knob(
        0.8,
        ge=0.5,
        le=1,
        step=0.05,
        label="Evidence over echo",
        help="What stands out over its own echo stops it with this share of the evidence. Only the learned detector.",
    )
    odds: float = knob(
        3.5,
        ge=1,
        le=10,
        step=0.5,
        unit="×",
        label="Odds over echo",
        help="Over its own echo a lone frame must be so many times likelier to be speech. Only the learned detector.",
    )


class Vad(Section):
    """When a frame counts as speech."""

    detector: Literal["learned", "silero"] = knob(
        "learned",
        choices={"learned": "Learned", "silero": "Silero alone"},
        label="Detector",
        help="Learned knows what the loudspeaker plays and adds up odds. Silero alone wants other values: see presets.",
    )
    start: float = knob(
        0.54,
        ge=0.05,
        le=0.95,
        step=0.01,
        label="Speech from",
        help="A frame counts as speech from this probability on. Also draggable on the trace.",
    )
    release: float = knob(
        0.41,
        ge=0.05,
        le=0.95,
        step=0.01,
        label="Speech until",
        help="Speech goes on until the probability falls under this one. Also draggable on the trace.",
    )
    sure: float = knob(
        0.956, ge=0.60, le=0.998, step=0.002, label="Counts in full from",
        help="A frame this probable counts in full towards a stop, a less probable one in proportion to its log-odds.",
    )
    clear_db: float = knob(
        30, ge=10, le=60, step=1, unit="dB", label="Clear from",
        help="This far over the noise a voice is clear. A sound nearer to the noise counts in full with less.",
    )
    gate_dbfs: float = knob(
        -55,
        ge=-80,
        le=-20,
        step=1,
        unit="dBFS",
        label="Ignore sound below",
        help="Quieter sound is never speech. Put it between the room's noise and your voice.",
    )

    @model_validator(mode="after")
    def _release_below_start(self) -> Self:
        if self.release > self.start - 0.05 + 1e-9:
            raise ValueError(
                f"vad.release is {self.release:g}: it must be at least .05 below vad.start, which is {self.start:g}"
            )
        return self


class BargeIn(Section):
    """When and how Interject yields to somebody who speaks over it."""

    sensitivity: int = knob(
        50,
        ge=0,
        le=100,
        step=1,
        label="Sensitivity",
        help="How readily Interject yields. It moves the sliders below along settings that were measured as best.",
    )
    duck_frames: int = knob(
        1,
        ge=1,
        le=6,
        step=1,
        unit="frames",
        label="Duck after",
        help="How many frames of speech make it quieter. Ducking can be taken back without losing a sound.",
    )
    confirm_ms: int = knob(
        32,
        ge=32,
        le=480,
        step=8,
        unit="ms",
        label="Confirm a stop after",
        help="How much sure speech turns a duck into a stop. Shorter stops sooner, and for more coughs.",
    )
    confirm_thinking_ms: int = knob(
        96, ge=32, le=480, step=FRAME_MS, unit="ms", label="While it thinks",
        help="How long speech must last to make it give up a reply that has not begun. More, so a cough costs nothing.",
    )
    gap_ms: int = knob(
        64,
        ge=0,
        le=320,
        step=FRAME_MS,
        unit="ms",
        label="Bridge gaps up to",
        help="Silence inside a word that does not start the count again. Longer helps with soft voices.",
    )
    duck_db: float = knob(
        -20,
        ge=-40,
        le=-6,
        step=1,
        unit="dB",
        label="Duck by",
        help="How far playback goes down while it makes up its mind. Lower also lets it hear you better over speakers.",
    )
    restore_ms: int = knob(
        144,
        ge=64,
        le=992,
        step=FRAME_MS,
        unit="ms",
        label="Restore after quiet",
        help="After this much quiet it carries on at full level. Nothing was skipped.",
    )
    false_stop_ms: int = knob(
        256,
        ge=0,
        le=992,
        step=FRAME_MS,
        unit="ms",
        label="Count as words from",
        help="A stop that brought less speech than this was a false one. Longer forgives more coughs.",
    )
    longest_duck_ms: int = knob(
        1984, ge=512, le=4992, step=FRAME_MS, unit="ms", label="Longest duck",
        help="A sound that stays undecided this long is no interruption. It carries on at full level.",
    )
    softer_db: float = knob(
        8, ge=3, le=40, step=1, unit="dB", label="Softer voices",
        help="A voice so much softer than you usually speak is somebody else's, and does not stop it. Stop words do.",
    )
    stop_words: str = knob(
        "stop, wait, hold on, hang on, be quiet, shut up, no, excuse me, halt, warte, stopp, moment, nein, ruhe, "
        "arrête, attends, non, tais-toi, para, espera, cállate, basta, aspetta, ferma",
        label="Stop words",
        help="A sound that begins with one of these stops it, however short it was. Needs a recogniser.",
    )
    backchannels: str = knob(
        "mm, mhm, mm-hm, mm-hmm, uh-huh, hm, hmm, ah, aha, oh, yeah, yes, yep, right, okay, ok, sure, i see, cool, "
        "great, wow, ja, genau, stimmt, oui, d'accord, sí, vale, sì, va bene",
        label="Signs of listening",
        help="Said alone, these do not interrupt, unless Interject had asked something. Needs a recogniser.",
    )
    after_false_stop: Literal["stay_quiet", "where_it_stopped", "phrase_start"] = knob(
        "phrase_start",
        choices={
            "stay_quiet": "Stay quiet",
            "where_it_stopped": "From where it stopped",
            "phrase_start": "From phrase start",
        },
        label="After a false stop",
        help="What happens when it stopped and nobody wanted to speak.",
    )
    wait_s: int = knob(
        8, ge=2, le=30, step=1, unit="s", label="After another, wait",
        help="Stopped by mistake again, it waits until you ask, or for so much quiet; each time for twice as much.",
    )
    protect: Literal["off", "first_sentence"] = knob(
        "off",
        choices={"off": "Nothing", "first_sentence": "First sentence"},
        label="Protect",
        help="Speaking over it only lowers a protected sentence; your turn comes after it. Esc and stop words cut it.",
    )


class Endpointing(Section):
    """Where your turn begins and ends."""

    preroll_ms: int = knob(
        400,
        ge=100,
        le=1000,
        step=20,
        unit="ms",
        label="Keep before onset",
        help="Sound kept from before you were noticed, so that the first syllable is not lost.",
    )
    silence_ms: int = knob(
        704,
        ge=192,
        le=2016,
        step=FRAME_MS,
        unit="ms",
        label="Your turn ends after",
        help="Silence that ends your turn. Shorter answers sooner and may cut you off.",
    )
    finished_ms: int = knob(
        416, ge=192, le=2016, step=FRAME_MS, unit="ms", label="After a finished sentence",
        help="Enough where your words are a whole sentence; needs prepared replies. As long as the usual silence: off.",
    )
    open_words: str = knob(
        "and, but, or, because, so, if, the, a, an, my, your, our, their, to, of, than, i, i'm, um, uh, er, erm, mr, "
        "mrs, dr, und, oder, aber, weil, dass, wenn, der, die, ein, eine, einen, mein, dein, von, äh, ähm, et, mais, "
        "ou, parce que, le, la, les, un, une, des, du, mon, ton, euh, y, o, pero, porque, el, los, las, una, mi, del",
        label="Words that end no sentence",
        help="After one of these, as after a number, no sentence is finished, whatever mark the recogniser puts there.",
    )
    longest_turn_s: int = knob(
        60,
        ge=10,
        le=80,
        step=5,
        unit="s",
        label="Longest turn",
        help="A turn longer than this is taken as it is, so that a running tap cannot hold the floor.",
    )


    prepare: Literal["off", "at_pause", "while_speaking"] = knob(
        "while_speaking",
        choices={"off": "Off", "at_pause": "At a pause", "while_speaking": "While you speak"},
        label="Prepare replies",
        help="Work done before your turn is over. What you make useless by speaking on is thrown away unheard.",
    )
    prepare_ms: int = knob(
        160, ge=96, le=992, step=FRAME_MS, unit="ms", label="Prepare after",
        help="Silence after which a reply is prepared. It sounds only when your turn really ends.",
    )


class Ears(Section):
    """How Interject understands what you say."""

    model: str = knob(
        "", label="Recogniser", help="A Whisper model from the Models page, or its folder. Empty hears no words."
    )
    language: str = knob(
        "auto", label="Spoken language", help="Code of the language you speak, such as en, de or fr. auto finds out."
    )
    device: Literal["auto", "cpu", "cuda"] = knob(
        "auto",
        choices={"auto": "Automatic", "cpu": "Processor", "cuda": "NVIDIA graphics card"},
        label="Recognise on",
        help="Where the recogniser runs. Automatic takes a graphics card where one can be used.",
    )
    live: Literal["short", "full", "off"] = knob(
        "short",
        choices={"short": "Short windows", "full": "Full windows", "off": "Off"},
        label="Words while you speak",
        help="Short windows are several times faster; full ones are 30 s long, as Whisper was trained.",
    )
    final: Literal["quick", "full"] = knob(
        "quick",
        choices={"quick": "Short window where sure", "full": "Always the full window"},
        label="Your whole turn",
        help="A short window answers half a second sooner. Where it is not sure of the words, the full one follows.",
    )


class Voice(Section):
    """How Interject sounds."""

    model: str = knob(
        "", label="Piper voice", help="A voice from the Models page, or its .onnx file. Empty speaks with eSpeak NG."
    )
    speaker: int = knob(0, ge=0, le=1000, step=1, label="Speaker", help="Which speaker of a voice that has several.")
    loudness_lufs: float = knob(
        -23, ge=-40, le=-14, step=1, unit="LUFS", label="Loudness",
        help="How loud every sentence is made, by the broadcasters' measure. The volume acts on top of it.",
    )

    language: str = knob("en-gb", label="Voice", help="Name of the eSpeak NG voice, such as en-gb, en-us, de or fr.")
    words_per_minute: int = knob(
        165, ge=80, le=400, step=5, unit="words/min", label="Speed", help="How fast it speaks."
    )
    pitch: int = knob(50, ge=0, le=99, step=1, label="Pitch", help="How high it speaks; 50 is the voice's own.")


class Brain(Section):
    """Who answers, and how."""

    model: str = knob(
        "", label="Language model", help="A model from the Models page, or its .gguf file. Empty leaves Rehearsal only."
    )
    persona: str = knob(
        "You are Interject, a warm and clear voice assistant. You are heard, not read: answer in one to three short "
        "spoken sentences, without lists, headings or emoji. When you are interrupted, take in what was said.",
        label="Persona",
        help="What the model is told about itself, before everything else.",
    )
    temperature: float = knob(
        0.7, ge=0, le=2, step=0.1, label="Temperature", help="0 always takes the likeliest word; more varies more."
    )
    context_tokens: int = knob(
        4096, ge=512, le=32768, step=512, unit="tokens", label="Context",
        help="How much of the conversation the model has before it. The oldest turns are forgotten first.",
    )
    reply_tokens: int = knob(
        256, ge=16, le=2048, step=16, unit="tokens", label="Longest reply", help="A reply ends after this many tokens."
    )
    gpu_layers: int = knob(
        -1, ge=-1, le=200, step=1, label="Layers on the graphics card",
        help="How many layers of the model a graphics card takes. -1 gives it all where there is one.",
    )
    report: Literal["spoken", "shown"] = knob(
        "spoken",
        choices={"spoken": "Say and show", "shown": "Show only"},
        label="After an interruption",
        help="Whether Rehearsal says in a sentence what happened when you cut in, or only shows it.",
    )
    patience_s: int = knob(
        30, ge=5, le=300, step=5, unit="s", label="Wait for a reply",
        help="A reply that has not begun after this long is given up, and Interject listens again.",
    )
    passage: str = knob(
        "", label="First passage", help="Title of the passage that Rehearsal begins with. Empty begins with the first."
    )


class Panel(Section):
    """How the window looks, and what it keeps."""

    theme: Literal["system", "light", "dark"] = knob(
        "system",
        choices={"system": "As the system", "light": "Light", "dark": "Dark"},
        label="Theme",
        help="Light or dark colours.",
    )
    text_scale: float = knob(1.0, ge=0.9, le=1.5, step=0.1, label="Text size", help="Makes all text larger or smaller.")
    seconds: Literal["2", "4", "8", "15", "30"] = knob(
        "8",
        choices={s: f"{s} s" for s in ("2", "4", "8", "15", "30")},
        label="Time shown",
        help="How many seconds the live panel shows. The wheel over it changes this too.",
    )
    keep_conversations: bool = knob(
        False, label="Keep conversations", help="Writes each conversation to this computer's disk. Off keeps nothing."
    )

    calm: bool = knob(False, label="Calm", help="Draws ten times a second instead of thirty and fades nothing.")


class Settings(Section):
    """All sections: one immutable snapshot, handed from thread to thread as it is."""

    audio: Audio = Audio()
    echo: Echo = Echo()
    vad: Vad = Vad()
    barge_in: BargeIn = BargeIn()
    endpointing: Endpointing = Endpointing()
    ears: Ears = Ears()
    voice: Voice = Voice()
    brain: Brain = Brain()
    panel: Panel = Panel()
