"""How technologies are called by those who buy them."""

from domain.access_facts import Technology
from domain.said import Said

TECHNOLOGIES = {
    Technology.FTTH: Said(fr="fibre FTTH", en="FTTH fibre"),
    Technology.SHARED_FIBRE: Said(fr="fibre mutualisée", en="shared fibre"),
    Technology.DEDICATED_FIBRE: Said(fr="fibre dédiée", en="dedicated fibre"),
    Technology.ADSL: Said(fr="ADSL", en="ADSL"),
    Technology.VDSL: Said(fr="VDSL", en="VDSL"),
    Technology.SDSL: Said(fr="SDSL", en="SDSL"),
    Technology.BUNDLED_PAIRS: Said(fr="SDSL sur plusieurs paires", en="SDSL on several pairs"),
    Technology.MOBILE_RADIO: Said(fr="4G ou 5G", en="4G or 5G"),
    Technology.MICROWAVE: Said(fr="faisceau hertzien", en="microwave link"),
    Technology.LEASED_LINE: Said(fr="liaison louée", en="leased line"),
}
