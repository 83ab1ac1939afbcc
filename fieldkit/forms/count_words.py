"""Words that counts are said in, folded as `date_words.fold` does. Data only."""

from __future__ import annotations

NUMBER_WORDS: dict[int, str] = {
    0: "zero none nobody no_one nil صفر لا_احد لا_شيء aucun aucune zéro нуль ніхто жодного",
    1: "one un une واحد واحده один одна",
    2: "two deux اثنان اثنين اثنتان два дві двоє",
    3: "three trois ثلاثه ثلاث три троє",
    4: "four quatre اربعه اربع чотири четверо",
    5: "five cinq خمسه خمس п'ять п’ять",
    6: "six سته ست шість",
    7: "seven sept سبعه سبع сім",
    8: "eight huit ثمانيه ثماني вісім",
    9: "nine neuf تسعه تسع дев'ять дев’ять",
    10: "ten dix عشره عشر десять",
    11: "eleven onze",
    12: "twelve douze",
}

ABOUT = (
    "about around approximately approx approx. roughly circa ca ca. ~ ≈ "
    "نحو حوالي تقريبا قرابه environ près_de близько приблизно"
)

PEOPLE = (
    "people persons person killed injured dead victims men women children civilians "
    "شخص اشخاص شخصا قتيل قتلي قتيلا جريح جرحي مدني مدنيين personnes personne morts людей осіб людини"
)
"""What is counted may be said behind the number; it changes nothing."""
