"""How do French reports on the vessels read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "CT",
        "vascular",
        "Angioscanner de l'aorte",
        (
            (
                "Douleur thoracique {transfixiante|migratrice}, {HTA|asymétrie "
                "tensionnelle}. {Dissection ?|Syndrome aortique aigu ?}"
            ),
            "HTA réfractaire, souffle abdominal.",
            "Douleur abdominale brutale, masse battante. AAA ?",
        ),
        (
            "Acquisition {sans injection puis |}au temps artériel{ avec "
            "synchronisation cardiaque|}, {du défilé cervico-thoracique aux trépieds "
            "fémoraux|de l'arc aortique aux artères fémorales}."
        ),
        (
            (
                "ascendante",
                (
                    "{Aorte ascendante de calibre normal (<n:31:37> mm).|Aorte ascendante "
                    "mesurée à <n:31:37> mm.}"
                ),
            ),
            ("paroi", "{Pas de dissection ni d'hématome intramural.|Pas d'ulcère pénétrant.}"),
            (
                "abdominale",
                (
                    "{Aorte abdominale de calibre régulier, <n:17:22> mm en sous-rénal.|Pas "
                    "d'anévrisme de l'aorte abdominale.}"
                ),
            ),
            (
                "viscerales",
                (
                    "{Tronc cœliaque, artères mésentériques et rénales perméables.|Artères "
                    "digestives et rénales sans sténose significative.}"
                ),
            ),
            (
                "iliaques",
                "{Axes iliaques athéromateux, sans sténose serrée.|Axes iliaques perméables.}",
            ),
            ("plevre", "{Pas d'épanchement pleural ni péricardique.|Pas d'hématome médiastinal.}"),
            (
                "reins",
                ("{Reins de néphrographie symétrique.|Pas de lésion viscérale sur cette phase.}"),
            ),
        ),
        (
            Finding(
                "ascendante+paroi",
                "une dissection de type A",
                (
                    "Flap intimal de l'aorte ascendante, étendu {à l'arc|au tronc artériel "
                    "brachio-céphalique}, faux chenal circulant."
                ),
                "Dissection aortique de type A de Stanford.",
                "Transfert en chirurgie cardiaque en extrême urgence.",
                "Artéfact cinétique de la racine aortique.",
                grave=True,
            ),
            Finding(
                "abdominale",
                "un anévrisme de l'aorte sous-rénale de <mm> mm",
                (
                    "Anévrisme {fusiforme|partiellement thrombosé} de l'aorte sous-rénale de "
                    "<mm> mm de diamètre{, collet de <n:14:28> mm|}, {sans signe de "
                    "fissuration|sans infiltration péri-aortique}."
                ),
                "Anévrisme de l'aorte sous-rénale de <mm> mm, non compliqué.",
                "Avis de chirurgie vasculaire.",
                "",
                size=(38, 61),
                grave=True,
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "viscerales",
                "une sténose de l'artère rénale <droite>",
                (
                    "Sténose {ostiale|tronculaire proximale} de l'artère rénale <droite>, "
                    "estimée à <n:60:80> %."
                ),
                "Sténose serrée de l'artère rénale <droite>.",
                "Écho-Doppler rénal.",
                "",
                chronic=True,
            ),
            Finding(
                "iliaques",
                "une sténose iliaque commune <droite>",
                (
                    "Sténose {calcifiée|athéromateuse} de l'artère iliaque commune <droite>, "
                    "de l'ordre de <n:50:75> %."
                ),
                "Sténose iliaque commune <droite>.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "reins",
                "une masse rénale <droite> de <mm> mm",
                "Masse tissulaire rénale <droite> de <mm> mm, rehaussée.",
                "Masse rénale <droite> suspecte de <mm> mm.",
                "Avis urologique.",
                "Kyste rénal <droit> Bosniak I.",
                size=(19, 47),
                grave=True,
            ),
        ),
        "{Pas de syndrome aortique aigu.|Aorte sans anévrisme ni dissection.}",
        "{Pas de dissection aortique.|Pas de syndrome aortique aigu.}",
        ages=(35, 99),
        urgent=55,
    ),
    Scenario(
        "US",
        "vascular",
        "Écho-Doppler veineux des membres inférieurs",
        (
            (
                "{Douleur du mollet|Œdème unilatéral}{, D-dimères positifs|, score de "
                "Wells à <n:2:4>|}. {TVP ?|Phlébite ?}"
            ),
            "Embolie pulmonaire. Recherche de TVP.",
        ),
        (
            "Exploration bilatérale de la veine cave inférieure aux veines jambières, "
            "compression étagée et Doppler."
        ),
        (
            (
                "femorale",
                (
                    "{Veines fémorales et poplitées compressibles, flux spontané et "
                    "modulé.|Axes fémoro-poplités perméables et compressibles.}"
                ),
            ),
            (
                "jambieres",
                (
                    "{Veines tibiales postérieures et fibulaires compressibles.|Pas de "
                    "thrombose jambière.}"
                ),
            ),
            (
                "musculaires",
                ("{Veines soléaires et gastrocnémiennes libres.|Réseau musculaire compressible.}"),
            ),
            (
                "saphenes",
                ("{Crosses saphènes continentes, sans thrombus.|Réseau superficiel compressible.}"),
            ),
            ("vci", "{Axe ilio-cave perméable.|Flux iliaques symétriques.}"),
            ("poplite", "{Creux poplités libres.|Pas de kyste poplité.}"),
        ),
        (
            Finding(
                "femorale",
                "une TVP fémoro-poplitée <droite>",
                (
                    "Thrombus {occlusif|non compressible} de la veine {poplitée|fémorale} "
                    "<droite>{, à tête non flottante|}."
                ),
                "Thrombose veineuse profonde proximale <droite>.",
                "Anticoagulation ; prescripteur prévenu.",
                "Flux lent fémoral <droit>.",
                grave=True,
            ),
            Finding(
                "jambieres",
                "une thrombose fibulaire <droite>",
                (
                    "Thrombose {d'une veine fibulaire|tibiale postérieure} <droite> sur <mm> "
                    "mm de hauteur."
                ),
                "TVP distale <droite>.",
                "Contrôle à 7 jours.",
                "",
                size=(40, 120),
                grave=True,
            ),
            Finding(
                "musculaires",
                "une thrombose soléaire <droite>",
                "Thrombus d'une veine soléaire <droite> de <n:5:8> mm de calibre.",
                "Thrombose musculaire soléaire <droite>.",
                "Contrôle échographique à 7 jours.",
                "",
            ),
            Finding(
                "saphenes",
                "une thrombose de la grande saphène <droite>",
                "Thrombose de la grande veine saphène <droite> à <mm> mm de la crosse.",
                "Thrombose veineuse superficielle <droite>.",
                "",
                "",
                size=(35, 180),
            ),
            Finding(
                "poplite",
                "un kyste de Baker <droit>",
                "Kyste de Baker <droit> de <mm> x <mm2> mm{, rompu|}.",
                "Kyste de Baker <droit>.",
                size=(22, 68),
                chronic=True,
            ),
        ),
        (
            "{Pas de thrombose veineuse profonde ni superficielle.|Absence de TVP des "
            "deux membres inférieurs.}"
        ),
        "{Pas de TVP proximale.|Axes profonds proximaux perméables.}",
        urgent=55,
    ),
    Scenario(
        "US",
        "vascular",
        "Écho-Doppler des troncs supra-aortiques",
        (
            "{AIT|Cécité monoculaire transitoire}. Sténose carotidienne ?",
            "Bilan de {HTA|diabète|coronaropathie}. Athérome carotidien ?",
        ),
        "Étude bilatérale en mode B et Doppler pulsé.",
        (
            (
                "droite",
                (
                    "{Bulbes carotidiens : plaques fibro-calcaires non sténosantes.|Pas de "
                    "sténose carotidienne significative.|Surcharge athéromateuse modérée des "
                    "bifurcations, sans accélération.}"
                ),
            ),
            ("eim", "Épaisseur intima-média : 0,<n:6:9> mm."),
            (
                "vertebrales",
                (
                    "{Artères vertébrales perméables, flux antérograde.|Artères vertébrales "
                    "symétriques.}"
                ),
            ),
            ("sousclav", "{Sous-clavières de flux triphasique.|Pas de vol sous-clavier.}"),
        ),
        (
            Finding(
                "droite",
                "une sténose carotide interne <droite>",
                (
                    "Plaque {hypoéchogène|irrégulière} de l'origine de la carotide interne "
                    "<droite>, PSV à <n:240:380> cm/s, sténose <n:70:85> % NASCET."
                ),
                "Sténose serrée de la carotide interne <droite>.",
                "Avis vasculaire rapide, angioscanner.",
                "Sténose carotidienne <droite> inférieure à 50 %.",
                grave=True,
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "droite",
                "une sténose modérée de la carotide interne <droite>",
                (
                    "Plaque {calcifiée|mixte} de la carotide interne <droite>, PSV à "
                    "<n:130:165> cm/s, sténose de l'ordre de 50 %."
                ),
                "Sténose modérée de la carotide interne <droite>.",
                "Contrôle annuel.",
                "",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "vertebrales",
                "une hypoplasie vertébrale <droite>",
                "Artère vertébrale <droite> grêle (<d:1.6:2.2> mm).",
                "Hypoplasie vertébrale <droite>, variante de la normale.",
                chronic=True,
            ),
        ),
        ("{Pas de sténose carotidienne hémodynamiquement significative.|Athérome non sténosant.}"),
        "{Pas de sténose carotidienne serrée.}",
        ages=(45, 99),
        urgent=8,
    ),
)
