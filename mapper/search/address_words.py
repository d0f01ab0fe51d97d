"""Words that stand around names when people give an address: of kinds, of units, of the way there.

They cost nothing: "ग्राम धानोदा", "Dhanoda village" and "धानोदा" are one name. Some say of what kind the place
is ("तहसील राजगढ़"). All may be part of real names ("शंकर नगर"), so that a whole name goes before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mapper.model.place_model import Kind
from mapper.search.fold import words


class Word(NamedTuple):
    """What an address word says. `scopes`: the kinds of place it may name, the likeliest first; empty: any.

    `near`: the place is beside the one named. `passing`: the name behind it need not be a unit over the place
    (a post office, a police station). `numbered`: a number behind it belongs to it.
    """

    scopes: tuple[str, ...] = ()
    near: bool = False
    passing: bool = False
    numbered: bool = False


_VILLAGE = Word(("village", "habitation", "gram_panchayat"))
_PANCHAYAT = Word(("gram_panchayat",))
_TOWN = Word(("ulb",))
_WARD = Word(("ward", "ulb"), numbered=True)

_TABLE: tuple[tuple[Word, str], ...] = (
    (
        _VILLAGE,
        "ग्राम; गांव; गाँव; गाव; गावं; गॉंव; ग्रा; gram; graam; gaon; gaav; gav; gaw; gaanv; ganv; gaun; village; "
        "vill; vil; vlg; मजरा; majra",
    ),
    (
        _PANCHAYAT,
        "ग्राम पंचायत; ग्रामपंचायत; ग्रा पं; ग्रा पंचायत; पंचायत; gram panchayat; grampanchayat; gram panchyat; "
        "panchayat; panchayat gram; panchyat; gp; g p; जीपी; पंचायत भवन; panchayat bhawan",
    ),
    (
        Word(("tehsil",)),
        "तहसील; तेहसील; तह; तहसिल; तहशील; तेहशील; तहशिल; तहसीन; "
        "tehsil; tahsil; tahseel; tehseel; teh; tah; thsil; tehsel; tahsel; tehsill; tehasil; "
        "tahasil; tehshil; tahshil; tasil; tesil",
    ),
    (
        Word(("block",)),
        "जनपद पंचायत; जनपद; विकासखण्ड; विकासखंड; विकास खण्ड; विकास खंड; ब्लॉक; ब्लाक; janpad panchayat; "
        "janpad; block; blok; vikas khand; vikaskhand; जप; jp",
    ),
    (
        Word(("district",)),
        "जिला; ज़िला; जिले; ज़िले; जि; डिस्ट्रिक्ट; district; dist; distt; disst; zila; jila; zilla; jilla; jile",
    ),
    (Word(("division",)), "संभाग; सम्भाग; division; sambhag"),
    (Word(("state",)), "मध्य प्रदेश; मप्र; म प्र; madhya pradesh; mp; m p; भारत; india"),
    (
        _TOWN,
        "नगर परिषद; नगरपरिषद; नगर पालिका; नगरपालिका; नगर पालिका परिषद; नगर पंचायत; नगर निगम; नगर; नप; न पा; "
        "न प; सीएमओ; शहर; कस्बा; क़स्बा; कस्बे; nagar parishad; nagarparishad; nagar palika; nagarpalika; "
        "nagar palika parishad; nagar panchayat; nagar nigam; nagar; municipality; municipal council; cmo; "
        "town; city; shahar; shahr; kasba",
    ),
    (
        _WARD,
        "वार्ड; वार्ड नं; वार्ड नंबर; वार्ड नम्बर; वार्ड क्रमांक; वार्ड क्र; वॉर्ड; ward; ward no; ward number; ward num; "
        "ward nr; ward kramank; w no",
    ),
    (
        Word(passing=True),
        "पोस्ट; पो; पोस्ट ऑफिस; पोस्ट आफिस; डाकघर; डाक; मु पो; मुपो; मु पोस्ट; मुकाम पोस्ट; post; po; p o; "
        "post office; mu po; mukam post; at post; dak; dakghar",
    ),
    (
        Word(("police_station",), passing=True),
        "थाना; थाने; थाना क्षेत्र; पुलिस थाना; पुलिस स्टेशन; पुलिस चौकी; thana; thane; police thana; police station; "
        "police chowki; ps; p s",
    ),
    (Word(passing=True), "पटवारी हल्का; हल्का; patwari halka; halka"),
    (
        Word(),
        "मु; मुकाम; निवासी; रहवासी; mu; mukam; r o; ro; resident of; niwasi; nivasi; at; पिन; pin; lgd; "
        "एलजीडी; code; कोड; lgd code; id",
    ),
    (
        Word(near=True),
        "के पास; के निकट; के समीप; के नजदीक; के नज़दीक; के सामने; के आगे; के पीछे; पास; निकट; समीप; नजदीक; नज़दीक; near; "
        "nr; near by; nearby; ke pass; ke paas; ke pas; ke nikat; ke samne; ke najdik; pass; paas; nikat; "
        "close to; next to; मंडी; मण्डी; मंडी के पास; mandi; रोड; road; स्टेशन; station; बस स्टैंड; bus stand",
    ),
    (
        Word(),
        "नाम; का नाम; है; हैं; मेरा; मेरे; हमारा; हमारे; अपना; यहां; यहाँ; naam; nam; ka naam; ka nam; hai; he; "
        "mera; mere; hamara; hamare; apna; yaha; yahan; name; my",
    ),
    (Word(), "का; की; के; में; से; पर; वाला; वाले; और; व; ka; ki; ke; me; mein; mai; se; par; wala; the; of; in"),
)


class AddressWords:
    """The table with the names of the directory's own kinds of place, to be asked word by word."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._phrases: dict[tuple[str, ...], Word] = {}
        for kind in kinds.values():
            for name in (kind.name_hi, kind.name_en):
                self._phrases[tuple(words(name))] = Word((kind.scope,))
        for word, phrases in _TABLE:
            self._phrases |= {tuple(words(phrase)): word for phrase in phrases.split(";")}
        self._longest = max(map(len, self._phrases))

    def at(self, tokens: list[str], at: int) -> tuple[int, Word] | None:
        """The longest phrase of the table that begins there: how many words it has, and what it says."""
        for size in range(min(self._longest, len(tokens) - at), 0, -1):
            if word := self._phrases.get(tuple(tokens[at : at + size])):
                end = at + size
                if word.numbered and end < len(tokens) and len(tokens[end]) < 4 and tokens[end].isdecimal():
                    end += 1
                return end - at, word
        return None


def scopes_of(said: Iterable[Word]) -> tuple[str, ...]:
    """The kinds that the first word names which names any."""
    return next((word.scopes for word in said if word.scopes), ())
