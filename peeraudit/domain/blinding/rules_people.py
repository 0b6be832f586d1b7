"""By which titles, labels and signatures does a report name people?"""

import re
from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, NAME, PARTICLE, Rule, name_rule, word_rule

_SMALL: Final = (
    r"(?:(?:de|du|di|da|dos|del|van|von|der|le|la|el|al|ait|mac|abu|ben|ter|st\.?)[ ]){0,2}"
    r"[a-zà-ÿ][\w’'-]{2,30}"
)
_SMALL_NAME: Final = rf"{_SMALL}(?:[ ]{_SMALL}){{0,2}}"
"""A name in small letters, with its particles."""
_ANY_NAME: Final = rf"(?:(?:[a-zà-ÿ][\w’'-]{{2,30}}[ ])?{NAME}|{_SMALL_NAME})"
_DOCTOR: Final = (
    r"(?:(?:le|la|the|by|par)[ \t]+)?(?:(?:Dr|DR|Pr|PR|Dre|Prof|Docteure?|DOCTEUR|Professeure?|M|"
    r"Mme|"
    r"Mr|Mrs|Ms)\b\.?[ \t]*)?"
)
_SIGNERS: Final = (
    r"(?i:compte[- ]rendu (?:valid|sign|dict|relu|r[ée]dig)[^\n:]{0,30}? par|"
    r"(?:valid|sign|dict|relu|interpr[ée]t|r[ée]dig|transcri|frapp|saisi|tap)(?:[ée]e?|te?|e)?s?"
    r"(?:[ ](?:et[ ]\w{2,12}|[ée]lectroniquement|num[ée]riquement|le[ ]\S{6,10}(?:[ ][àa][ ]"
    r"\S{2,8})?)){0,2}[ ]par|"
    r"[ée]lectroniquement sign[ée]e?(?:[ ]par)?|"
    r"electronically (?:signed|verified|authenticated|approved|reviewed)(?: and \w+)?(?: off)?(?: "
    r"by)?|"
    r"(?:reported|verified|dictated|signed|read|reviewed|transcribed|interpreted|performed|"
    r"validated|"
    r"authenticated|approved|finali[sz]ed|typed|prepared|authored|resulted|supervised|attested|"
    r"cosigned|"
    r"co-signed)(?: (?:and|&) [\w-]{3,14})?(?: electronically)?(?: off)? by|"
    r"pending review by|"
    r"(?:attending(?: radiologist| physician)?|resident|radiologues?|radiologist|signataire|"
    r"signature|"
    r"op[ée]rateur|operator|technologist|technician|sonographer|transcriptionist|manipulateurs?|"
    r"interpreting (?:physician|radiologist)|reader|secr[ée]taire|validateur|"
    r"r[ée]dacteur|auteur|author|dictating (?:physician|radiologist)|reading (?:physician|"
    r"radiologist)|"
    r"provider|mer|mem|(?:medical )?director|directeur(?: m[ée]dical)?|m[ée]decin[- ]chef|"
    r"(?:t[ée]l[ée]-?)radiolog(?:ue|ist)|lecteur|(?:second|double)[ ](?:reader|lecture)|"
    r"signed|sign[ée]e?|verified|validated|reported|frappe|saisie|dict[ée]e|"
    r"lu et approuv[ée])[ \t]{0,3}:)"
)
_SIGNER_WORDS: Final = (
    "compte compte-rendu valide validee validees signe signee dicte dictee relu relue interprete "
    "interpretee redige"
    " redigee transcrit transcrite frappe frappee saisi saisie tape tapee electroniquement"
    " electronically reported verified dictated signed read reviewed transcribed interpreted"
    " performed validated authenticated approved finalized finalised typed prepared authored"
    " resulted supervised attested cosigned co-signed pending attending resident radiologue"
    " radiologues radiologist signataire signature operateur operator technologist technician"
    " sonographer transcriptionist manipulateur manipulateurs interpreting reader secretaire"
    " validateur redacteur auteur author dictating reading provider mer mem medical director"
    " directeur"
    " medecin-chef teleradiologue tele-radiologue teleradiologist lecteur second double"
    " frappe saisie dictee lu"
)
SOMEBODY_WORDS: Final = (
    "female females male man woman boy girl lady gentleman infant child veteran homme femme garcon"
    " dame"
)
_ASKERS: Final = (
    r"(?i:(?:requested|referred|ordered|seen|followed|evaluated|examined|admitted|consulted|"
    r"treated) by|"
    r"(?:ordering|requesting|referring|admitting|consulting)(?: (?:physician|provider|clinician|"
    r"doctor|md|dr))?|"
    r"m[ée]decins? (?:demandeur|prescripteur|traitant|correspondant|r[ée]f[ée]rent|radiologue)s?|"
    r"prescripteur|demandeur|primary care (?:physician|provider)|pcp|attending|adress[ée]e?s? par|"
    r"demand[ée]e? par|prescrite? par|(?:suivi|vu|lu|r[ée]alis[ée])e?s? par|appel[ée]e?|"
    r"contact[ée]e?|"
    r"(?:discussed|communicated|conveyed|relayed|spoke|spoken|reviewed|phoned)(?: by "
    r"(?:tele)?phone)? (?:with|to)|"
    r"(?:transmis|communiqu[ée]s?|discut[ée]|vu|t[ée]l[ée]phon[ée]s?|confi[ée]e?s?)(?:[ ]"
    r"\w{2,12})? (?:à|avec|au)|"
    r"joignant|joindre|contacter|internes?|externes?|s[ée]nior|chef de clinique|cc|copies?(?: [àa]"
    r")?|"
    r"attention (?:de|du|of)|attn|to|from|nurse|infirmi(?:er|[èe]re)s?|staff|surgeon|chirurgien|"
    r"cardiologue|neurologue|oncologue|physician|doctor|pharmacist|pharmacien(?:ne)?|physio(?:therapist)?|"
    r"p[èe]re|m[èe]re|fils|fille|[ée]poux|[ée]"
    r"pouse|"
    r"mari|femme|fr[èe]re|soeur|sœur|son|daughter|wife|husband|mother|father|brother|sister|neveu|"
    r"ni[èe]ce|"
    r"cousine?|spouse|guardian|contact|(?:family|attending|duty)[ ](?:doctor|physician)|"
    r"chef de (?:service|p[ôo]le|d[ée]partement)|personne (?:de confiance|à pr[ée]venir)|"
    r"next of kin|nok|ref(?:erring)?\.?[ ](?:phys(?:ician)?|md|dr)\.?|secr[ée]taire|secretary|"
    r"r[ée]f[ée]rente?|referrer|urgentiste|r[ée]animateur|anesth[ée]siste|registrar|"
    r"(?:rn|nurse|staff)[ ]present|prof(?:esseur)?|gp|ed|mt|"
    r"(?:forename|midwife|sage-femme|partner|conjointe?|scrub(?:[ ]nurse)?|an(?:a?)esthesia|"
    r"anesth[ée]sie|ibode|iade|tech|scribe|validation|op[ée]rateurs?|operators?|aide|assistante?|"
    r"panseuse|circulante|accompagnante?|secr[ée]tariat|manip|correspondante?|"
    r"(?:first|second)[ ]reader|"
    r"contact there|under)(?=[ ]?:))"
)
_ASKER_WORDS: Final = (
    "requested referred ordered seen followed evaluated examined admitted consulted treated "
    "ordering"
    " requesting referring admitting consulting medecin medecins prescripteur demandeur"
    " pharmacist pharmacien pharmacienne physio physiotherapist primary pcp attending"
    " adresse adressee adresses demande demandee prescrit prescrite lu lue "
    "realise realisee suivi"
    " suivie vu vue appele appelee contacte contactee discussed communicated conveyed relayed spoke"
    " spoken reviewed phoned transmis communique communiques discute telephone telephones confie"
    " confiee joignant joindre contacter interne internes externe externes senior chef cc copie"
    " copies attention attn nurse infirmiere infirmier infirmieres infirmiers staff surgeon"
    " chirurgien cardiologue neurologue oncologue physician doctor pere mere fils fille epoux"
    " epouse mari femme frere soeur son daughter wife husband mother father brother"
    " sister neveu niece cousin cousine spouse guardian contact family duty personne next nok ref"
    " secretaire secretary referent referente referrer urgentiste reanimateur anesthesiste"
    " registrar"
    " rn gp ed mt forename midwife sage-femme partner conjoint conjointe scrub anesthesia"
    " anaesthesia"
    " anesthesie ibode iade tech scribe validation operateurs operators aide assistant assistante"
    " secretariat panseuse circulante accompagnant accompagnante first lecteurs manip correspondant"
    " correspondante"
)
_LABELS: Final = (
    r"(?i:(?:med|manips?|physicien(?:ne)?|physicist|cadre|psychologue|chair|pharmacien(?:ne)?|"
    r"kin[ée](?:sith[ée]rapeute)?|pharmacist|radiographer|coordinat(?:or|eur)|coordinatrice|"
    r"adjuster|pathologist|pathologiste|submitting|apologies|excus[ée]e?s?|typist|dactylo|"
    r"r[ée]daction|praticien(?:ne)?(?: hospitali(?:er|[èe]re))?|supervisor|interpreter|student|"
    r"[ée]tudiante?|fellow|r[ée]sidente?|investigator|investigateur)(?=[ ]?:)|"
    r"(?:called|given|faxed|sent|reported|handed|paged)(?: by (?:tele)?phone)? (?:with|to)|"
    r"selon|per|according to|radiographer|pharmacist|physiotherapist|dietitian|officer|brigadier|"
    r"sergent|sergeant|capitaine|captain|colonel|lieutenant|ma[îi]tre|reverend|rabbi|judge|juge|"
    r"matron|veteran|np|pa|ide|cadre|(?:nurse )?practitioner)"
)
_LABEL_WORDS: Final = (
    "called given faxed sent reported handed paged med manips physicien physicienne physicist"
    " cadre kine kinesitherapeute psychologue pharmacien pharmacienne pharmacist radiographer"
    " coordinator coordinateur coordinatrice adjuster pathologist pathologiste submitting chair"
    " apologies excuse excusee excuses excusees typist dactylo redaction praticien praticienne"
    " supervisor interpreter student etudiant etudiante fellow resident residente investigator"
    " investigateur selon per according physiotherapist dietitian officer brigadier sergent"
    " sergeant capitaine captain colonel lieutenant maitre reverend rabbi judge juge matron"
    " veteran np pa ide nurse practitioner"
)
_DEGREES: Final = (
    r"(?:M\.[ ]?D\.?|MD\b|D\.O\.|DO\b|FRCR|FRCPC|FRANZCR|FFRRCSI|Ph\.?D|DNP|RN\b|R\.N\.|NP\b|PA-C|"
    r"PA\b|MBBS|"
    r"MBChB|FACR|M\.B\.|DMD|DDS|RT\b|CRNA|RDMS|BS\b|MSc\b|APRN|FNP)"
)
CREDENTIALS: Final = re.compile(_DEGREES)

_WRITERS: Final = (
    "dicte dictee tape tapee frappe frappee saisi saisie redige redigee relu relue valide validee"
    " signe signee transcrit transcrite dictated typed transcribed signed read reviewed verified"
    " approved relecture auth typist"
)
# What stands at the end of a sentence or line, or before the day.
_MARK_ENDS: Final = r"(?=[ ]*(?:[.,;)|\n]|$|(?:le|on|at|à)[ ]|TAP|FRAPP|[DT]:|\d{1,2}[-/]|⟦date))"
_NO_INITIALS: Final = (
    r"(?!(?:OK|RAS|OUI|NON|YES|NO|CT|MRI?|US|PET|IRM|TDM|TEP|MD|DO|RN|ORL|CXR|AXR|XR|NM|MG|CTA|MRA|"
    r"KUB|ECHO|RX|MRCP)\b)"
)

_ITEM: Final = (
    rf"(?:(?:Drs?|Prs?|Mmes?|M\.|MM\.|Mr|Mrs|Ms|Prof|Miss|Mlle)\.?[ ])?(?:{CAPITAL}\.[ -]?){{0,3}}"
    rf"(?:(?:{PARTICLE}[ ]){{1,2}})?{CAPITAL}[\w’'-]+(?:[ ](?:{PARTICLE}[ ])?{CAPITAL}[\w’'-]*\.?"
    rf"(?:-{CAPITAL}\.)?){{0,3}}(?:[ ]\([^)\n]{{1,30}}\))?"
)
"""Somebody in a list of people, with what they are in brackets."""

PEOPLE_RULES: Final[tuple[Rule, ...]] = (
    # Initials in running text: "dicté par OF, tapé par nl", "Signed: RJM/klp".
    word_rule(
        "signature",
        _WRITERS,
        r"\w+(?:[ ]\w{3,16}ly|[ ]\w{3,16}ment)?[ ]?(?:par|by|PAR|BY|:|=)[ ]?:?[ ]?",
        rf"{_NO_INITIALS}(?P<x>(?:[A-Z]{{2,4}}|[A-Z]{{1,2}}Mc[A-Z])",
        r"(?:[ ]?[/-][ ]?[A-Za-z]{2,4})?)(?![\w’'-])",
        _MARK_ENDS,
    ),
    word_rule(
        "signature",
        "tape tapee frappe frappee saisi saisie transcrit transcrite typed transcribed",
        r"\w+[ ]?(?:par|by|:)[ ]?:?[ ]?(?P<x>(?!le\b|the\b|la[ ](?!on|le|"
        r"at))[a-z]{2,3})(?![\w’'-])",
        _MARK_ENDS,
    ),
    word_rule(
        "signature",
        "tape tapee frappe frappee typed transcribed",
        r"\w+[ ](?P<x>(?!(?:by|par|le|la|on|at|and|et|the|for|out|up|in|as|pour|sur)\b)[a-z]{2,4})",
        r"(?=[ ]?\.?[ ]?(?:\n|$))",
    ),
    word_rule(
        "signature",
        "dicte dictee tape tapee frappe frappee transcrit dictated typed transcribed",
        r"\w+[ ]?(?:le|on)?[ ]?[:=]?[ ]?\d[\d/ :.-]{5,20}(?:[AaPp][Mm][ ])?",
        rf"(?<=[ ])(?P<x>[A-Z]{{2,3}}|[a-z]{{2,3}})(?![\w’'-]){_MARK_ENDS}",
    ),
    # The reference of a letter is made of initials: "Réf : JD/mb", "Our ref: AF/tb/H368".
    word_rule(
        "signature",
        "ref refs reference our nos notre vos your",
        r"(?i:(?:our|your|nos?|notre|vos|n/|v/)[ ]?)?(?i:r[ée]f(?:s|[ée]rences?|"
        r"erences?)?)\.?[ ]?:[ ]{0,2}",
        r"(?P<x>[A-Z][A-Za-z]{0,4}(?:[/-][A-Za-zà-ÿ]{1,4}){1,2}(?:[/-][\w-]{1,20})?)(?![\w/])",
        hint=r"[^\n]{0,12}[/:]",
    ),
    # A signature goes with its whole line and with the day and hour on the next.
    name_rule(
        "signature",
        _SIGNER_WORDS,
        rf"{_SIGNERS}[ \t]{{0,3}}:?[ \t]{{0,3}}{_DOCTOR}(?P<x>(?:{_SMALL}[ ])?{NAME})",
        whole_line=True,
    ),
    name_rule(
        "clinician",
        _ASKER_WORDS,
        rf"{_ASKERS}[ \t]{{0,3}}[:–-]?[ \t]{{1,3}}\(?{_DOCTOR}"
        rf"(?P<x>{NAME}|(?<=:[ ])[a-zà-ÿ]{{3,30}}[ ][a-zà-ÿ]{{3,30}})",
    ),
    name_rule(
        "clinician",
        _LABEL_WORDS,
        rf"{_LABELS}[ \t]{{0,3}}[:–-]?[ \t]{{1,3}}{_DOCTOR}(?P<x>{NAME})",
    ),
    name_rule(
        "clinician",
        "dr drs docteur docteure docteurs doctor doctors dre dresse pr prs prof professeur"
        " professeure professeurs professor",
        r"(?P<x>(?:D[rR]s?|Dre|dr|[dD]octeur(?:e|s)?|[dD]octors?|Dresse|P[rR]s?|pr|[pP]rof(?:esseure?s?|"
        r"essor)?|"
        r"DOCTEURS?|[pP]rofesseure?s?|[pP]rofessor|PROFESSEUR)\b\.?[ \t\n]{0,2}"
        rf"(?:{CAPITAL}\.-|[a-z]\.[ ])?{_ANY_NAME})",
        with_title=True,
    ),
    # The last of several: "Drs. Gupta and Li", "MM. Faure et de Vignes".
    name_rule(
        "clinician",
        "drs doctors docteurs prs mm mmes mesdames messieurs messrs officers",
        r"(?:D[rR]s|DRS|[dD]octors|[dD]octeurs|DOCTEURS|Prs|MM|Mmes|Mesdames|Messieurs|Messrs|"
        r"[Oo]fficers)\.?[ ]"
        rf"{NAME}(?:[ ]?,[ ]{NAME}){{0,6}}[ ]?,?[ ]?(?:and|et|&)[ ](?P<x>{NAME})",
    ),
    name_rule(
        "patient",
        "m mm mr mrs ms miss mme mmes mlle melle monsieur madame mademoiselle mister sir mesdames"
        " messieurs messrs officer officers",
        r"(?:(?<!\d )|(?<=\dh\d\d ))(?<!\d)(?<!\d/)"
        r"(?P<x>(?:M\.|MM\.|M(?=[ ][A-ZÀ-Ý]{3})|[Mm][rR]\.?|[Mm][rR][sS]\.?|"
        r"Ms\.?|MS\.|[Mm]iss|"
        r"mlle|M[mM][eE]"
        r"s?\.?|mme|"
        r"M(?:e|E)?[lL]{2}[eE]\.?|[mM]onsieur|MONSIEUR|[mM]adame|MADAME|[mM]ademoiselle|"
        r"MADEMOISELLE|Mister|Sir|Mesdames|Messieurs|Messrs|[oO]fficers?)"
        rf"[ \t\n]{{0,2}}{_ANY_NAME})",
        with_title=True,
    ),
    # Who is called something: "connu sous le nom de « Nino »", "known as Zed".
    word_rule(
        "person",
        "surnomme surnommee alias aka nickname known connu connue dit dite",
        r"(?i:surnomm[ée]e?|alias|a\.?k\.?a\.?|nickname|(?:also[ ])?known[ ]as|connue?[ ]sous[ ]le"
        r"[ ](?:sobri)?nom[ ]de|dite?(?=[ ][«\"“]))[ :]{1,2}"
        r"(?P<x>[«\"“][ ]?[^«»\"“”\n]{2,30}[ ]?[»\"”])",
        hint=r"[^\n]{0,24}[«\"“]",
    ),
    # Initials of whoever did something at an hour: "phoned by TH at 10:15".
    word_rule(
        "signature",
        "by par",
        rf"(?:by|par)[ ]{_NO_INITIALS}(?P<x>(?!I?V\b|TV|PO\b|SC\b|IM\b)[A-Z]{{2,3}})"
        r"(?=[ ](?:at|on|le|à)[ ]\d{1,2}[:h/.])",
        hint=r"[ ][A-Z]{2,3}[ ]",
    ),
    # A nurse in small letters: "nurse edwige rang".
    name_rule(
        "person",
        "nurse sister matron infirmiere infirmier",
        r"\w+[ ](?P<x>[a-zà-ÿ]{3,20})(?![\w’'-])",
        hint=r"[ ][a-zà-ÿ]",
    ),
    # "Revu le 3/4 par Clerc": who did something on a day.
    name_rule(
        "clinician",
        "par by",
        rf"(?<=[\d⟧] )(?:par|by)[ ]{_DOCTOR}(?P<x>{NAME})",
        hint=r"[ ](?:(?:le|la|the)[ ])?(?:[A-ZÀ-Þ]|d)",
    ),
    # To whom a letter goes.
    name_rule("clinician", "a", rf"[Àà][ ]?:[ ]{{1,3}}{_DOCTOR}(?P<x>{NAME})", hint=r"[ ]?:"),
    name_rule(
        "patient",
        "nee",
        rf"n[ée]e[ ]{{1,2}}(?P<x>{NAME}|(?:(?:le|la|de|du)[ ])?[a-zà-ÿ]{{4,30}}"
        r"(?=[ ]?(?:le[ ]\d|[,.\n(]|$)))",
        hint=r"[ ]{1,2}[^\W\d_]",
    ),
    # The partners of a practice: "Drs BERTHOUX - KERLAN - DUVAL".
    word_rule(
        "clinician",
        "drs docteurs doctors",
        rf"(?:D[rR]s|DRS|[dD]octeurs|DOCTEURS|[dD]octors)\.?[ ]"
        rf"(?P<x>{_ITEM}(?:[ ]?[-–,/&][ ]{_ITEM}){{1,9}})",
        hint=r"[^\n]{0,40}[ ]?[-–,/&][ ]",
    ),
    # Several people behind one label: "Présents : Dr Blin, O. Sarr, ROUX A.".
    word_rule(
        "person",
        "presents presentes present attendees participants cc copies copie destinataires"
        " destinataire manipulateurs praticiens excuses apologies",
        rf"[^\W\d_]+[ ]?:[ ]{{0,2}}(?P<x>{_ITEM}(?:[ ]?[,;/][ ]?{_ITEM}){{1,15}})(?![\w’'])",
        hint=r"[ ]?:",
    ),
    name_rule(
        "patient",
        "patient patiente patients nom noms prenom prenoms identite name names pt concerne re"
        " enfant nomme "
        "nommee named"
        " called s appelle dossier beneficiaire assure surname firstname lastname client like",
        r"(?:(?i:patiente?s?[ ]name[ ](?=[a-zà-ÿ]{3}|[A-Z]\.))|"
        r"(?i:patiente?s?(?:\(e\)|[ ]name|[ ]?\d{1,3}|"
        r"[ ]pr[ée]sent[ée]e?)?|"
        r"noms?(?:[ ](?:de[ ](?:naissance|jeune fille|famille)|"
        r"d['’]usage|"
        r"du patient|patient|usuel|et pr[ée]noms?))?|pr[ée]nom(?:s|\(s\))?|identit[ée]|(?:sur|"
        r"first|last|middle|full|"
        r"given|family)?[ ]?names?|pt|"
        r"concerne|re|b[ée]n[ée]ficiaire|assur[ée]|client)[ \t]{0,3}[:=?][ \t]{0,3}|"
        r"(?i:dossier)[ ](?:de|du patient|de la patiente)[ ]+|"
        r"(?i:patiente?|enfant|nomm[ée]e?|named|called|s?['’]?appelle|name is|names? of|pt|like)[ "
        r"\t]+)"
        rf"(?:(?:Mr|Mrs|Ms|Miss|M|Mme|Mlle)\b\.?[ ])?(?P<x>{NAME}(?:,[ ]?"
        r"[a-zà-ÿ][\w’'-]{2,30}(?=[ ]{2}|\n|$|[ ]\(?(?:DOB|MRN|n[ée]e|DDN|IPP)))?|"
        rf"(?<=[te][ ]){_SMALL_NAME}(?=[ ]{{1,3}}n[ée]e?[ ])|"
        rf"(?:(?<=[:=][ ])|(?<=[ ]is[ ])|(?<=[ ]name[ ])|(?<=mm[ée][ ])|(?<=mm[ée]e[ ]))"
        rf"{_SMALL_NAME})",
    ),
    # "A 52-year-old woman, Ervada N., seen here": who is described.
    name_rule(
        "patient",
        SOMEBODY_WORDS,
        r"\w+(?:[ ](?:patient|pt|veteran|infant|child|adult))?,[ ](?:(?:patient|pt|named?)[ ])?",
        rf"(?P<x>{NAME}|{_SMALL}[ ]{_SMALL}(?=[,.;)(]|['’]s|[ ](?:with|who|seen|treated|admitted|"
        r"is|was|has|for|on|at|after)\b))",
        hint=r"[^\n,]{0,10},[ ]",
    ),
)

MARKS: Final = re.compile(
    # Initials of who dictated and who typed, alone on a line or at its end after "dictated" marks;
    # days, hours and numbers of dictation and typing.
    r"^[ \t]*(?P<x>(?:(?:[A-Z]{2,4}[ ]?[/:][ ]?[A-Za-z]{2,4}|[A-Z](?:\.[A-Z]){1,3}\.?[ ]?/[ "
    r"]?[A-Za-z.]{1,6})(?:[ ]+\d[\d/ :.-]{0,30})?|"
    r"(?:(?:D|T|DD|DT|R|JOB|DICT|TRANS|Doc)[ ]?[:#][ ]*(?=[^\n]{0,40}\d)[\d/ "
    r":.\-APMapm]{4,30}){1,4}|"
    r"(?i:dict(?:ated|[ée]e?)?|typed|transcribed|frapp[ée]|t[ée]l[ée]transmis)[ ]?[:=][ "
    r"]?[A-Za-z]{2,4}(?:[ ]?[/-][ ]?[A-Za-z]{2,4})?|"
    r"(?:[A-Z]\.){2,4}|[A-Z]{2,3}/[a-z]{2,3}/[a-z]{2,3}))[ \t]*$",
    re.MULTILINE,
)
"""Author's and typist's marks, alone on their line; searched in the lines, each at its start."""
MARK_HEADS: Final = re.compile(
    r"\n[ \t]*(?:[A-Z]{1,5}[ ]?[/:#.]|Doc[ ]?[:#]|(?i:dict|typed|transcribed|frapp|t[ée]l))"
)
"""How the lines of these marks begin, behind the end of the line before."""
