"""Words dates are typed in: months in the reporters' languages, relations, doubts. Data only."""

from __future__ import annotations

MONTH_WORDS: dict[int, str] = {
    1: "january jan يناير كانون_الثاني جانفي janvier janv січень січня",
    2: "february feb فبراير شباط فيفري février fevrier févr fevr лютий лютого",
    3: "march mar مارس اذار mars березень березня",
    4: "april apr ابريل نيسان افريل avril avr квітень квітня",
    5: "may مايو ايار ماي mai травень травня",
    6: "june jun يونيو يونيه حزيران جوان juin червень червня",
    7: "july jul يوليو يوليه تموز جويليه juillet juil липень липня",
    8: "august aug اغسطس اب اوت août aout серпень серпня",
    9: "september sept sep سبتمبر ايلول septembre вересень вересня",
    10: "october oct اكتوبر تشرين_الاول octobre жовтень жовтня",
    11: "november nov نوفمبر تشرين_الثاني novembre листопад листопада",
    12: "december dec ديسمبر كانون_الاول décembre decembre déc грудень грудня",
}
"""Folded spellings of each month, English, Arabic (Gulf and Egypt, Levant, Maghreb), French, Ukrainian."""

SEASON_WORDS: dict[int, str] = {
    21: "spring ربيع الربيع printemps весна весни навесні",
    22: "summer صيف الصيف été ete літо літа влітку",
    23: "autumn fall خريف الخريف automne осінь осені восени",
    24: "winter شتاء الشتاء hiver зима зими взимку",
}

ABOUT_WORDS = (
    "about around circa approximately approx roughly ca c early mid late beginning end "
    "نحو حوالي تقريبا قرابه اوائل اواسط اواخر vers environ début fin близько приблизно"
)
MAYBE_WORDS = "maybe possibly probably perhaps uncertain ربما يحتمل peut_être можливо ймовірно"
BEFORE_WORDS = "before until till by قبل حتى avant до перед"
AFTER_WORDS = "after since بعد منذ après apres depuis після з"
TODAY_WORDS = "today اليوم aujourd'hui сьогодні"
YESTERDAY_WORDS = "yesterday امس البارحه hier вчора учора"
UNKNOWN_WORDS = "unknown unspecified مجهول غير_معروف inconnu inconnue невідомо"
TO_WORDS = "to through until till الى حتى à au до"
AND_WORDS = "and و et та і й"
"""Join the ends of an interval only after `between`: elsewhere `3 and 5 August` are two days."""
BETWEEN_WORDS = "between بين entre між"
FROM_WORDS = "from من du de від з"

FILLER_WORDS = (
    "the of in on at night morning evening day year month le la les en de dans nuit jour "
    "في ليله يوم صباح مساء شهر عام سنه من у в на рік року р рр ніч день "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد"
)
"""Words that change nothing about which days are meant; the words as typed are kept in any case."""
