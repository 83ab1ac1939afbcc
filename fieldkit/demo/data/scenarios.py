"""Sentences the synthetic incidents are put together from.

Invented places and people, named so that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of event: how it is coded, and how it is told in each language."""

    kind: str
    act: str
    party: str
    method: str
    told: Mapping[str, tuple[str, tuple[str, ...]]]
    """By language, a title and the sentences, with {place}, {street}, {hour} and {number} to fill in."""


PLACES = {
    "en": ("Sampleford", "Upper Testham", "Mockbridge", "Placeholder Hill", "Exampleton"),
    "ar": ("تل المثال", "قرية النموذج", "عين التجربة", "حي العينة", "بلدة الافتراض"),
    "fr": ("Bourg-Exemple", "Vallon-Fictif", "Saint-Modèle", "Essai-les-Bains", "Pont-Factice"),
    "uk": ("Зразкове", "Прикладівка", "Вигадане", "Тестополе", "Нова Умовна"),
}
STREETS = {
    "en": ("the lower market", "the mill road", "the old bus yard", "the row behind the school"),
    "ar": ("السوق القديم", "طريق المطحنة", "ساحة الحافلات", "الشارع خلف المدرسة"),
    "fr": ("le marché couvert", "la route du moulin", "l'ancienne gare routière", "la rue derrière l'école"),
    "uk": ("старий ринок", "дорога до млина", "автобусна площа", "вулиця за школою"),
}
REGIONS = {"en": "Example Region", "ar": "محافظة المثال", "fr": "Région Exemple", "uk": "Умовна область"}
PEOPLE = {
    "en": "Person Example-{}",
    "ar": "شخص مثال {}",
    "fr": "Personne Exemple-{}",
    "uk": "Особа Приклад-{}",
}

SCENARIOS = (
    Scenario(
        kind="shelling",
        act="attack",
        party="state_army",
        method="artillery",
        told={
            "en": (
                "Shells on {place}",
                (
                    "Around {hour} the first shell came down beside {street} in {place}.",
                    "Neighbours had begun to dig when a second one struck the same roofs.",
                    "{number} people were brought out alive, most of them with dust in their lungs and "
                    "cuts from glass.",
                    "The baker closed his oven and turned the shop into a place to bandage the wounded.",
                    "Nobody in the quarter had been told to leave beforehand.",
                    "By dusk the power line to the pumping house was still lying across the road.",
                ),
            ),
            "ar": (
                "قذائف على {place}",
                (
                    "نحو الساعة {hour} سقطت القذيفة الأولى قرب {street} في {place}.",
                    "كان الجيران قد بدؤوا رفع الأنقاض حين أصابت الثانية السقوف نفسها.",
                    "أُخرج {number} أشخاص أحياء ومعظمهم مصابون بجروح من الزجاج.",
                    "أغلق الخباز فرنه وحوّل الدكان إلى مكان لتضميد الجرحى.",
                    "لم يطلب أحد من سكان الحي المغادرة قبل ذلك.",
                ),
            ),
            "fr": (
                "Obus sur {place}",
                (
                    "Vers {hour}, le premier obus est tombé près de l'endroit appelé {street}, à {place}.",
                    "Les voisins commençaient à déblayer quand un second a touché les mêmes toits.",
                    "On a sorti {number} personnes vivantes, coupées par les vitres.",
                    "Le boulanger a fermé son four et fait de sa boutique un poste de soins.",
                    "Personne n'avait reçu l'ordre de partir auparavant.",
                ),
            ),
            "uk": (
                "Снаряди по селищу {place}",
                (
                    "Близько {hour} перший снаряд упав там, де {street}, у селищі {place}.",
                    "Сусіди вже розбирали завал, коли другий влучив у ті самі дахи.",
                    "Живими витягли {number} осіб, більшість із порізами від скла.",
                    "Пекар загасив піч і перев'язував поранених у своїй крамниці.",
                    "Заздалегідь нікого не просили виїхати.",
                ),
            ),
        },
    ),
    Scenario(
        kind="arrest",
        act="arrest",
        party="opposition",
        method="checkpoint",
        told={
            "en": (
                "Men taken off a bus at {place}",
                (
                    "A minibus was halted at {hour} on the way into {place}, close to {street}.",
                    "Armed men asked for papers and called {number} passengers out by name from a list.",
                    "They were put in a covered lorry while the driver was told to go on without them.",
                    "No one showed a paper from any court.",
                    "Two of the families went to the post the next morning and were sent home without a "
                    "word.",
                    "One phone rang once that evening and has been silent since.",
                ),
            ),
            "ar": (
                "إنزال ركاب من حافلة عند {place}",
                (
                    "أوقفت حافلة صغيرة الساعة {hour} على مدخل {place} قرب {street}.",
                    "طلب مسلحون الأوراق ونادوا {number} ركاب بأسمائهم من قائمة.",
                    "وُضعوا في شاحنة مغطاة وأُمر السائق بمتابعة الطريق من دونهم.",
                    "لم يُبرز أحد ورقة من أي محكمة.",
                    "ذهبت عائلتان صباح اليوم التالي إلى النقطة فأُعيدتا دون جواب.",
                ),
            ),
            "fr": (
                "Passagers emmenés à l'entrée de {place}",
                (
                    "Un minibus a été arrêté à {hour} à l'entrée de {place}, non loin du lieu dit {street}.",
                    "Des hommes armés ont appelé {number} passagers d'après une liste.",
                    "On les a fait monter dans un camion bâché et le chauffeur a dû repartir sans eux.",
                    "Aucun papier d'un tribunal n'a été montré.",
                    "Deux familles se sont présentées le lendemain et sont revenues sans réponse.",
                ),
            ),
            "uk": (
                "Людей зняли з автобуса біля селища {place}",
                (
                    "Маршрутку зупинили о {hour} на в'їзді в селище {place}, поруч {street}.",
                    "Озброєні люди перевірили папери й викликали зі списку {number} пасажирів.",
                    "Їх посадили в критий кузов, а водієві наказали їхати далі.",
                    "Жодного документа від суду не показали.",
                    "Дві родини зранку пішли на пост і повернулися без відповіді.",
                ),
            ),
        },
    ),
    Scenario(
        kind="property",
        act="property",
        party="armed_group",
        method="fire",
        told={
            "en": (
                "Grain store burned in {place}",
                (
                    "Before {hour} smoke was rising over the grain store of {place}.",
                    "A group that had slept two nights near {street} had asked for sacks and been refused.",
                    "The fire took the seed of {number} households and the only weighing machine.",
                    "Old people carried water in kettles because the tanker had no fuel.",
                    "A note demanding payment was found under a stone at the gate.",
                ),
            ),
            "ar": (
                "حرق مخزن الحبوب في {place}",
                (
                    "قبل الساعة {hour} ارتفع الدخان فوق مخزن الحبوب في {place}.",
                    "كانت مجموعة باتت ليلتين قرب {street} قد طلبت أكياسا فرُفض طلبها.",
                    "التهمت النار بذار {number} بيوت والميزان الوحيد في القرية.",
                    "حمل المسنون الماء بالأباريق لأن الصهريج بلا وقود.",
                    "وُجدت تحت حجر عند البوابة ورقة تطلب دفع المال.",
                ),
            ),
            "fr": (
                "Grenier brûlé à {place}",
                (
                    "Avant {hour}, la fumée montait du grenier commun de {place}.",
                    "Un groupe installé depuis deux nuits vers {street} avait exigé des sacs, en vain.",
                    "Le feu a pris les semences de {number} foyers et l'unique balance.",
                    "Les anciens portaient l'eau dans des bouilloires, la citerne n'ayant plus de gazole.",
                    "Un billet réclamant de l'argent se trouvait sous une pierre.",
                ),
            ),
            "uk": (
                "Спалено зерносховище у селищі {place}",
                (
                    "Ще до {hour} над зерносховищем, що у селищі {place}, піднявся дим.",
                    "Загін, який дві ночі стояв там, де {street}, вимагав мішки й дістав відмову.",
                    "Вогонь забрав насіння {number} дворів і єдину вагу.",
                    "Літні люди носили воду чайниками, бо цистерна лишилася без пального.",
                    "Під каменем біля воріт лежала записка з вимогою грошей.",
                ),
            ),
        },
    ),
    Scenario(
        kind="displacement",
        act="displacement",
        party="pro_state",
        method="raid",
        told={
            "en": (
                "Families told to leave {place}",
                (
                    "Loudspeakers went along {street} in {place} at {hour} and gave everyone until noon.",
                    "About {number} families loaded what they could on handcarts.",
                    "Those who asked for the reason were told that the houses were needed.",
                    "The clinic nurse stayed with three patients who could not be moved.",
                    "The road south was open on that day only to people on foot.",
                ),
            ),
            "ar": (
                "أمر بإخلاء البيوت في {place}",
                (
                    "مرت مكبرات الصوت في {street} بـ{place} الساعة {hour} وأمهلت الناس حتى الظهر.",
                    "حمّلت نحو {number} عائلات ما استطاعت على عربات اليد.",
                    "قيل لمن سأل عن السبب إن البيوت مطلوبة.",
                    "بقيت ممرضة العيادة مع ثلاثة مرضى لا يمكن نقلهم.",
                    "كان الطريق جنوبا مفتوحا للمشاة فقط.",
                ),
            ),
            "fr": (
                "Familles sommées de quitter {place}",
                (
                    "Des haut-parleurs ont parcouru {place} à {hour}, en passant par {street}, donnant "
                    "jusqu'à midi.",
                    "Environ {number} familles ont chargé des charrettes.",
                    "À qui demandait pourquoi, on répondait que les maisons étaient nécessaires.",
                    "L'infirmière est restée avec trois malades intransportables.",
                    "La route du sud n'était ouverte qu'aux piétons.",
                ),
            ),
            "uk": (
                "Родинам наказали залишити {place}",
                (
                    "О {hour} селищем {place} повз місце, де {street}, їздив гучномовець і дав час до "
                    "полудня.",
                    "Близько {number} родин склали речі на візки.",
                    "Тим, хто питав про причину, казали, що хати потрібні.",
                    "Медсестра лишилася з трьома хворими, яких не можна було везти.",
                    "Дорогу на південь відкрили лише для піших.",
                ),
            ),
        },
    ),
    Scenario(
        kind="explosive",
        act="injury",
        party="unknown",
        method="mine",
        told={
            "en": (
                "Mine in a field near {place}",
                (
                    "A tractor set off a mine at {hour} on the land between {place} and {street}.",
                    "{number} people working the next rows were hit by stones and splinters.",
                    "The field had been sown twice since the front moved on, without harm.",
                    "Whoever laid it left no sign that anyone here can read.",
                    "Children have marked the place with rags on sticks.",
                ),
            ),
            "ar": (
                "لغم في حقل قرب {place}",
                (
                    "انفجر لغم تحت جرار الساعة {hour} في الأرض بين {place} و{street}.",
                    "أصابت الحجارة والشظايا {number} أشخاص يعملون في الصفوف المجاورة.",
                    "زُرع الحقل مرتين منذ ابتعاد الجبهة دون أذى.",
                    "لم يترك من زرع اللغم علامة يعرفها أهل المكان.",
                    "علّم الأطفال الموضع بخرق على عصي.",
                ),
            ),
            "fr": (
                "Mine dans un champ près de {place}",
                (
                    "Un tracteur a déclenché une mine à {hour}, entre {place} et {street}.",
                    "Pierres et éclats ont touché {number} personnes dans les rangs voisins.",
                    "Le champ avait été semé deux fois sans dommage depuis le départ du front.",
                    "Celui qui l'a posée n'a laissé aucun signe connu ici.",
                    "Les enfants ont marqué l'endroit avec des chiffons.",
                ),
            ),
            "uk": (
                "Міна на полі біля селища {place}",
                (
                    "О {hour} трактор підірвався на міні між селищем {place} і місцем, де {street}.",
                    "Камінням і уламками зачепило {number} осіб на сусідніх рядах.",
                    "Відколи фронт відійшов, це поле двічі засівали без біди.",
                    "Хто поставив міну, не лишив жодного знаку.",
                    "Діти позначили місце ганчірками на палицях.",
                ),
            ),
        },
    ),
)
