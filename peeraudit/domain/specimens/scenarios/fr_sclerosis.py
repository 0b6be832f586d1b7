"""How do French reports on multiple sclerosis read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "MR",
        "brain",
        "IRM cérébrale de suivi - sclérose en plaques",
        (
            (
                "SEP rémittente-récurrente{ sous natalizumab| sous fingolimod| sous "
                "ocrélizumab|}. Contrôle annuel."
            ),
            (
                "Suivi de SEP, {poussée clinique récente|sans poussée depuis <n:2:6> ans}. "
                "Nouvelles lésions ?"
            ),
        ),
        (
            "3D FLAIR, diffusion, 3D T1 {après injection de gadolinium|sans "
            "injection}, selon le protocole {OFSEP|de l'OFSEP}."
        ),
        (
            (
                "charge",
                (
                    "Lésions de la substance blanche {péri-ventriculaires, juxta-corticales et "
                    "infra-tentorielles|péri-ventriculaires et juxta-corticales} en "
                    "hypersignal FLAIR, {d'aspect typique|connues}, au nombre d'environ "
                    "<n:8:25>."
                ),
            ),
            (
                "nouvelles",
                (
                    "{Pas de nouvelle lésion FLAIR.|Absence de nouvelle lésion par rapport à "
                    "l'examen de référence.}"
                ),
            ),
            (
                "gado",
                (
                    "{Pas de prise de contraste.|Pas de lésion en diffusion.|Absence de lésion "
                    "active.}"
                ),
            ),
            ("atrophie", "{Pas d'atrophie significative.|Trophicité cérébrale stable.}"),
            ("lemp", "{Pas d'argument pour une LEMP.|Absence de plage suspecte de LEMP.}"),
        ),
        (
            Finding(
                "nouvelles",
                "une nouvelle lésion FLAIR <site>",
                "Apparition d'une lésion FLAIR <site> de <mm> mm{, ovalaire|}.",
                "Nouvelle lésion FLAIR <site> : dissémination temporelle.",
                "Avis du neurologue référent.",
                "",
                (
                    "péri-ventriculaire <droite>",
                    "juxta-corticale frontale <droite>",
                    "du pédoncule cérébelleux moyen <droit>",
                ),
                (4, 11),
            ),
            Finding(
                "gado",
                "une lésion rehaussée <site>",
                ("Prise de contraste {nodulaire|en anneau ouvert} d'une lésion <site> de <mm> mm."),
                "Une lésion active <site>.",
                "Avis neurologique rapproché.",
                "Rehaussement vasculaire <site>.",
                ("sous-corticale pariétale <droite>", "péri-ventriculaire <droite>"),
                (4, 12),
                grave=True,
            ),
            Finding(
                "lemp",
                "une plage FLAIR évocatrice de LEMP <site>",
                (
                    "Plage d'hypersignal FLAIR sous-corticale <site>, {mal limitée côté "
                    "substance blanche|respectant le cortex}, en hypersignal diffusion{ "
                    "périphérique|}."
                ),
                "Plage <site> suspecte de LEMP.",
                "Contact du neurologue ce jour ; PCR JC dans le LCR.",
                "Nouvelle lésion démyélinisante <site>.",
                ("frontale <droite>", "pariétale <droite>"),
                grave=True,
            ),
        ),
        (
            "{Stabilité de la charge lésionnelle, sans lésion active.|Pas de nouvelle "
            "lésion ni de lésion active.|Examen stable.}"
        ),
        "{Pas de lésion active.|Pas de rehaussement pathologique.}",
        ages=(18, 65),
        urgent=3,
    ),
)
