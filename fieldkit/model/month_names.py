"""Words dates are typed in: months in the reporters' languages, relations, doubts. Data only."""

from __future__ import annotations

MONTH_WORDS: dict[int, str] = {
    1: "january jan يناير كانون_الثاني كانون_ثاني جانفي janvier janv січень січня січні січ",
    2: "february feb فبراير شباط فيفري février fevrier févr fevr лютий лютого лютому лют",
    3: "march mar مارس اذار mars березень березня березні бер",
    4: "april apr ابريل نيسان افريل avril avr квітень квітня квітні квіт",
    5: "may مايو ايار ماي mai травень травня травні трав",
    6: "june jun يونيو يونيه حزيران جوان juin червень червня червні черв",
    7: "july jul يوليو يوليه يوليوز تموز جويليه juillet juil липень липня липні лип",
    8: "august aug اغسطس اب اوت غشت août aout серпень серпня серпні серп",
    9: "september sept sep سبتمبر ايلول شتنبر septembre вересень вересня вересні вер",
    10: "october oct اكتوبر تشرين_الاول تشرين_اول octobre жовтень жовтня жовтні жовт",
    11: "november nov نوفمبر نونبر تشرين_الثاني تشرين_ثاني novembre листопад листопада листопаді лист",
    12: "december dec ديسمبر دجنبر كانون_الاول كانون_اول décembre decembre déc грудень грудня грудні груд",
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
    "midnight noon matin soir вечора ранку ظهر الظهر this هذا هذه"
)
"""Words that change nothing about which days are meant; the words as typed are kept in any case."""

WEEKDAY_WORDS: dict[int, str] = {
    0: "monday mon الاثنين lundi понеділок понеділка",
    1: "tuesday tue tues الثلاثاء mardi вівторок вівторка",
    2: "wednesday wed الاربعاء mercredi середа середи середу",
    3: "thursday thu thur thurs الخميس jeudi четвер четверга",
    4: "friday fri الجمعه vendredi п'ятниця п'ятниці п'ятницю п’ятниця п’ятниці п’ятницю",
    5: "saturday sat السبت samedi субота суботи суботу",
    6: "sunday sun الاحد dimanche неділя неділі неділю",
}
"""Days of the week, Monday 0 as in Python."""

LAST_WORDS = (
    "last الماضي الماضيه الفائت الفائته dernier dernière derniere минулого минулої минулий минула минулу"
)

DAYS_BEFORE_WORDS: dict[int, str] = {
    2: "the_day_before_yesterday day_before_yesterday avant-hier avant_hier позавчора اول_امس اول_البارحه",
}
"""Words for a day so many days ago."""

SPAN_WORDS: dict[str, tuple[str, str]] = {
    "day": ("day days يوم ايام يوما jour jours день дні днів", "يومين"),
    "week": ("week weeks اسبوع اسابيع اسبوعا semaine semaines тиждень тижні тижнів", "اسبوعين"),
    "month": ("month months شهر اشهر شهور شهرا mois місяць місяці місяців", "شهرين"),
    "year": ("year years سنه سنوات عام اعوام عاما an ans рік роки років", "سنتين عامين"),
}
"""Spans of time, and two of them in one word."""

COUNT_WORDS: dict[int, str] = {
    1: "a an one un une один одну واحد",
    2: "two deux два дві اثنين",
    3: "three trois три ثلاثه ثلاث",
    4: "four quatre чотири اربعه اربع",
    5: "five cinq п'ять п’ять خمسه خمس",
    6: "six шість سته ست",
    7: "seven sept сім سبعه سبع",
    8: "eight huit вісім ثمانيه ثماني",
    9: "nine neuf дев'ять дев’ять تسعه تسع",
    10: "ten dix десять عشره عشر",
}
"""Small numbers in words."""
