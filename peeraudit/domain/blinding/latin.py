"""Does a word of no list end as Latin words and drugs do?"""

import re
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.folding import fold_word

LATIN: Final = re.compile(
    r"(?:us|is|um|ae|ii|ans|ens|es|ine|ole|ide|ane|ate|ase|phil|plasm\w*|tique|mab|nib|pril|sartan|"
    r"statin|coli|taxel|platin|abine|cept|azole|amide|antel|dronate|parin|zepam|caine|zine|kinase|lukast|"
    r"terol|feron|tropin|ism|osis|itis|emia|rrhagia|ness|ology|ary|eous|granin|actin|pressin|globin|scanner|ella|oma|ic|al|ose|one|xin|cin|lin|pam|lol)$"
)
_FOREIGN: Final = re.compile(r"[^\W\d_a-zA-ZàâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ]")


@lru_cache(maxsize=16384)
def ends_in_latin(written: str) -> bool:
    """Return whether a word ends as Latin words and drugs do, in the letters of our languages."""
    return not _FOREIGN.search(written) and bool(LATIN.search(fold_word(written)))
