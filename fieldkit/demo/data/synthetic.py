"""Twenty plainly synthetic incidents in four languages, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fieldkit.demo.data.scenarios import PEOPLE, PLACES, REGIONS, SCENARIOS, STREETS, Scenario

LANGUAGES = ("en", "ar", "fr", "uk")
COUNT = 20
"""Incidents the demonstration adds to the two of the sample."""

FIRST_DAY = date(2026, 3, 1)
DAYS = 200
"""Span of days the incidents fall on."""

_MICRO = 1_000_000
_COUNTED = {"shelling": "injured", "arrest": "detained", "explosive": "injured"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident as `new --from` takes it, and the language it is told in."""

    language: str
    answers: dict[str, object]


def synthetic(seed: int, count: int = COUNT) -> tuple[Told, ...]:
    """So many incidents, each scenario and each language in turn."""
    random = Random(seed)
    return tuple(
        _incident(random, SCENARIOS[number // len(LANGUAGES) % len(SCENARIOS)], number)
        for number in range(count)
    )


def _incident(random: Random, scenario: Scenario, number: int) -> Told:
    language = LANGUAGES[number % len(LANGUAGES)]
    place, street = random.choice(PLACES[language]), random.choice(STREETS[language])
    people = random.randint(3, 30)
    hour = f"{random.randint(4, 21):02}:{random.choice(('00', '15', '30', '45'))}"
    title, sentences = scenario.told[language]
    filled = [
        line.format(place=place, street=street, hour=hour, number=people)
        for index, line in enumerate(sentences)
        if index < 3 or random.random() < 0.8  # the opening stays, details come and go
    ]
    answers: dict[str, object] = {
        "title": title.format(place=place),
        "kind": [scenario.kind],
        "start": _day(random),
        "gov": REGIONS[language],
        "narrative": " ".join(filled),
        "town": place,
        "place": street,
        "lat": round(random.uniform(10 * _MICRO, 20 * _MICRO)) / _MICRO,
        "lon": round(random.uniform(-40 * _MICRO, -30 * _MICRO)) / _MICRO,  # mid-ocean: nobody lives there
        "precision": "town",
        "publish": random.choice(("km10", "gov", "none")),
    }
    if scenario.kind in _COUNTED:
        answers[_COUNTED[scenario.kind]] = random.choice(
            (people, f"at least {people}", f"{people}-{people + 4}")
        )
    return Told(language=language, answers=answers | _people(random, scenario, language, number))


def _day(random: Random) -> str:
    day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    return random.choice((day.isoformat(), f"about {day.strftime('%d %B %Y')}", day.isoformat()))


def _people(random: Random, scenario: Scenario, language: str, number: int) -> dict[str, object]:
    victim, source = (PEOPLE[language].format(f"{number:02}-{part}") for part in (1, 2))
    name = "v_name_ar" if language == "ar" else "v_name"
    return {
        "acts": [
            {
                "act": "A1",
                "a_kind": scenario.act,
                "a_victim": ["V1"],
                "a_perp": ["P1"],
                "a_method": [scenario.method],
                "a_status": random.choice(("wounded", "held", "displaced", "unknown")),
            }
        ],
        "victims": [
            {
                "vic": "V1",
                "v_type": "person",
                name: victim,
                "v_sex": random.choice(("female", "male")),
                "v_age": random.randint(8, 80),
                "v_status": "civilian",
                "v_named": random.choice(("yes", "no")),
            }
        ],
        "perps": [{"perp": "P1", "p_party": scenario.party, "p_basis": ["witness"], "p_conf": "low"}],
        "sources": [
            {
                "src": "S1",
                "src_name": source,
                "src_contact": f"example contact 000-{number:02}-{random.randint(1000, 9999)}",
                "src_how": [random.choice(("saw", "heard", "told"))],
                "src_rel": "c",
                "src_info": "3",
                "src_risk": random.randint(1, 4),
            }
        ],
        "consents": [
            {
                "con": "S1",
                "con_asked": "yes",
                "con_how": "spoken",
                "con_store": "yes",
                "con_anon": random.choice(("yes", "no")),
                "con_named": "no",
            }
        ],
    }
