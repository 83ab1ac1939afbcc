"""Made-up answers to the built-in form, varied as reports vary. Every text in them comes from the caller."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from fieldkit.model.values import Answers, Value
from tests.dictionary.scenes import PARTIES, Scene

TextOf = Callable[[str], str]
"""Question name to the text answered."""

URGENCIES: Final = ("life", "soon", "normal")
YES_NO: Final = ("yes", "no", "no", "unknown")


def answers(rng: random.Random, scene: Scene, text: TextOf) -> Answers:
    """The main lane of one report of `scene`."""
    made: Answers = {
        "title": text("title"),
        "kind": list(scene.kinds),
        "start": date(rng),
        "gov": text("gov"),
        "town": text("town"),
        "narrative": text("narrative"),
    }
    _place(rng, made, text)
    _counts(rng, scene, made)
    victims = rng.choice((0, 1, 1, 1, 2))
    perps = rng.choice((0, 1, 1, 1, 2))
    parts: dict[str, list[Value]] = {
        "acts": [_act(rng, scene, n, victims, perps, text) for n in range(1, rng.choice((1, 1, 2, 2)) + 1)],
        "victims": [_victim(rng, scene, n, text) for n in range(1, victims + 1)],
        "perps": [_perp(rng, scene, n, text) for n in range(1, perps + 1)],
        "sources": [{"src": f"S{n}"} for n in range(1, rng.choice((1, 1, 1, 2, 2, 3)) + 1)],
        "consents": [_consent(rng, text)] if rng.random() < 0.3 else [],
        "evidence": [_evidence(rng, n) for n in range(1, rng.choice((0, 0, 1, 1, 2)) + 1)],
    }
    made.update({name: items for name, items in parts.items() if items})
    return made


def source_answers(rng: random.Random, text: TextOf) -> Answers:
    """The sources lane of one report: what stays with fewer readers."""
    some = ("saw", "heard", "told", "took_part", "official", "opinion")
    source: dict[str, Value] = {
        "src": f"S{rng.randint(1, 3)}",
        "src_name": text("src_name"),
        "src_contact": text("src_contact"),
        "src_relation": text("src_relation"),
        "src_how": [rng.choice(some)],
        "src_said": text("src_said"),
        "src_rel": rng.choice("abcdef"),
        "src_info": str(rng.randint(1, 6)),
        "src_risk": str(rng.randint(1, 5)),
        "src_protect": text("src_protect"),
        "src_again": rng.choice(YES_NO),
        "src_testify": rng.choice(YES_NO),
    }
    return {"sources": [_some_of(rng, source, keep=("src",), share=0.7)]}


def review_answers(rng: random.Random, text: TextOf) -> Answers:
    """The admin lane of one report: a coordinator's part."""
    review: dict[str, Value] = {
        "r_state": rng.choice(("new", "open", "returned", "done", "set_aside")),
        "r_verify": rng.choice(("confirmed", "likely", "possible", "unlikely", "unknown")),
        "r_public": text("r_public"),
        "r_questions": text("r_questions"),
        "r_assigned": "R1",
    }
    return _some_of(rng, review, keep=("r_state",), share=0.6)


def date(rng: random.Random) -> list[Value]:
    """A partial date as answers hold it: exact mostly, else about, a month, a year or a range."""
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    month = day[:7]
    return [rng.choice((day, day, day, day, month, f"{month}~", f"{day}/{month}-28", f"../{month}"))]


def _some_of(
    rng: random.Random, full: dict[str, Value], *, keep: tuple[str, ...], share: float
) -> dict[str, Value]:
    return {name: value for name, value in full.items() if name in keep or rng.random() < share}


def _range(rng: random.Random, top: int) -> dict[str, Value]:
    low = rng.randint(1, top)
    ends: dict[str, Value] = {"min": low, "max": low + rng.choice((0, 0, 2))}
    if rng.random() < 0.25:
        del ends["max"]
    return ends


def _place(rng: random.Random, made: Answers, text: TextOf) -> None:
    optional: dict[str, Value] = {
        "district": text("district"),
        "subdist": text("subdist"),
        "place": text("place"),
        "reason": text("reason"),
        "unknown": text("unknown"),
        "precision": rng.choice(("exact", "street", "town", "subdist", "district", "gov")),
        "publish": rng.choice(("exact", "km1", "km10", "district", "gov", "none")),
        "control": rng.choice(PARTIES),
        "urgency": rng.choice(URGENCIES),
        "end": date(rng),
        "part_of": text("part_of"),
        "linked": [text("linked")],
        "count_note": text("count_note"),
    }
    made.update(_some_of(rng, optional, keep=(), share=0.28))
    if rng.random() < 0.3:
        made["lat"] = rng.randint(33_000_000, 50_000_000)
        made["lon"] = rng.randint(30_000_000, 45_000_000)


def _counts(rng: random.Random, scene: Scene, made: Answers) -> None:
    for name in scene.counts:
        if rng.random() < 0.7:
            made[name] = _range(rng, 23)
            part = rng.choice(("", "", "_civ", "_child", "_women"))
            if part:
                made[name + part] = _range(rng, 5)


def _act(rng: random.Random, scene: Scene, n: int, victims: int, perps: int, text: TextOf) -> Value:
    kind = scene.acts[min(n, len(scene.acts)) - 1]
    act: dict[str, Value] = {"act": f"A{n}", "a_kind": kind}
    for name, letter, there in (("a_victim", "V", victims), ("a_perp", "P", perps)):
        if there and rng.random() < 0.85:
            together = there > 1 and rng.random() < 0.3
            act[name] = [f"{letter}1", f"{letter}2"] if together else [f"{letter}{min(n, there)}"]
    more: dict[str, Value] = {
        "a_method": [rng.choice(scene.methods)],
        "a_status": rng.choice(scene.statuses),
    }
    act.update(_some_of(rng, more, keep=(), share=0.7))
    act.update(_details(rng, scene, kind, text))
    if rng.random() < 0.1:
        act["a_when"] = date(rng)
    return act


def _details(rng: random.Random, scene: Scene, kind: str, text: TextOf) -> dict[str, Value]:
    yes_no = [rng.choice(YES_NO) for _ in range(3)]
    details: dict[str, Value] = {}
    if kind in {"arrest", "abduction", "disappearance"}:
        details = {
            "arr_warrant": yes_no[0],
            "arr_ack": yes_no[1],
            "arr_family": yes_no[2],
            "arr_held": text("arr_held"),
            "arr_from": text("arr_from"),
            "arr_party": text("arr_party"),
        }
    elif kind in {"killing", "execution"}:
        cause = rng.choice(scene.causes)
        details = {"kill_cause": cause, "kill_body": yes_no[0], "kill_burial": text("kill_burial")}
    elif kind in {"attack", "property"}:
        details = {
            "att_target": rng.choice(scene.targets or ("people",)),
            "att_protected": yes_no[0],
            "att_warning": yes_no[1],
            "att_losses": text("att_losses"),
            "att_weapon": text("att_weapon"),
            "att_remnants": text("att_remnants"),
        }
    return _some_of(rng, details, keep=("kill_cause", "att_target"), share=0.45)


def _victim(rng: random.Random, scene: Scene, n: int, text: TextOf) -> Value:
    victim: dict[str, Value] = {"vic": f"V{n}", "v_type": scene.victim}
    if scene.victim != "person":
        victim["v_desc"] = text("v_desc")
        return victim
    victim["v_sex"] = rng.choice(("male", "male", "female"))
    age = rng.randint(6, 75)
    more: dict[str, Value] = {
        "v_age": {"min": age, "max": age + rng.choice((0, 0, 0, 5))},
        "v_job": text("v_job"),
        "v_status": rng.choice(("civilian", "civilian", "civilian", "combatant", "hors", "unknown")),
        "v_named": rng.choice(YES_NO),
        "v_name": text("v_name"),
        "v_name_ar": text("v_name_ar"),
        "v_home": text("v_home"),
        "v_unid": "yes",
        "v_desc": text("v_desc"),
        "v_father": text("v_father"),
    }
    victim.update(_some_of(rng, more, keep=(), share=0.4))
    return victim


def _perp(rng: random.Random, scene: Scene, n: int, text: TextOf) -> Value:
    perp: dict[str, Value] = {"perp": f"P{n}", "p_party": rng.choice(scene.parties)}
    bases = ("witness", "witness", "insignia", "control", "claim", "weapon", "document", "inference")
    more: dict[str, Value] = {
        "p_basis": [*sorted({rng.choice(bases) for _ in range(rng.choice((1, 1, 2)))})],
        "p_conf": rng.choice(("high", "medium", "medium", "low", "none")),
    }
    perp.update(_some_of(rng, more, keep=(), share=0.85))
    named: dict[str, Value] = {"p_unit": text("p_unit"), "p_rank": text("p_rank"), "p_role": text("p_role")}
    perp.update(_some_of(rng, named, keep=(), share=0.2))
    return perp


def _consent(rng: random.Random, text: TextOf) -> Value:
    consent: dict[str, Value] = {
        "con": rng.choice(("S1", "V1")),
        "con_asked": "yes",
        "con_how": rng.choice(("spoken", "spoken", "written", "recorded", "guardian")),
        "con_by": "R1",
        "con_when": date(rng),
        "con_store": "yes",
        "con_partners": rng.choice(("yes", "no")),
        "con_courts": rng.choice(("yes", "no")),
        "con_anon": rng.choice(("yes", "no")),
        "con_named": rng.choice(("no", "no", "yes")),
        "con_image": "no",
        "con_limits": text("con_limits"),
    }
    return _some_of(rng, consent, keep=("con", "con_asked", "con_store"), share=0.65)


def _evidence(rng: random.Random, n: int) -> Value:
    item: dict[str, Value] = {
        "ev": f"E{n}",
        "ev_type": rng.choice(("photo", "photo", "video", "video", "audio", "document", "object")),
        "ev_orig": rng.choice(("original", "copy", "copy", "unknown")),
        "ev_how": rng.choice(("own", "handed", "sent", "public")),
        "ev_by": rng.choice(("S1", "S2", "R1")),
        "ev_from": rng.choice(("S1", "S2")),
        "ev_graphic": rng.choice(("yes", "no")),
        "ev_risk": rng.choice(("yes", "no")),
        "ev_meta": rng.choice(("yes", "no")),
        "ev_edited": "no",
        "ev_when": date(rng),
    }
    return _some_of(rng, item, keep=("ev", "ev_type"), share=0.4)
