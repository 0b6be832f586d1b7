"""What are the invented people, places and numbers called?"""

from typing import Final

from peeraudit.domain.specimens.dice import Dice


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILIES_FR: Final = _words(
    """Abadie Allaire Amiot Arnoux Aubertin Auclair Bachelet Balland Barrault Bastide Baudoin
    Bazin Beaumier Belhadj Bellanger Benali Benhamou Berthelot Besnard Bessière Blandin Boissel
    Bonnard Boutin Bressac Brunet Cadiou Carlier Castaing Cazenave Chabrol Chapuis Charrier
    Chauvin Chevrel Cissé Clavier Colas Cordier Coste Coulibaly Cuvelier Daguerre Dallery Daumas
    Delahaye Delaunay Delmas Desmarets Diallo Dumoulin Duprat Durieux Dutertre Esnault Fabre
    Farrugia Favier Ferrand Fonteneau Fournel Gaillard Garreau Gautheron Germain Ghorbel Gicquel
    Girardin Goasguen Gosselin Grandjean Grenier Guilbaud Hamidi Haddad Hamon Haudry Jacquemin
    Jaouen Joubert Jourdan Kaci Keller Kervella Lacombe Lagarde Lambertin Landry Larrieu Lasserre
    Lavergne Lebreton Ledoux Lefranc Lemaire Lenoir Leroux Lescure Lombard Loisel Maillard Malherbe
    Marchand Marquet Massot Mercier Meunier Mirande Monnier Morand Moulinier Moussaoui Naudin
    Nguyen Noblet Ollivier Ouedraogo Pasquier Pellerin Perrault Peyrot Pichon Poirier Prévost
    Quemener Rabier Rambaud Renaudin Riou Rivoire Robin Roussel Rouvière Sabatier Salaün Saulnier
    Sauvage Savary Schmitt Servant Siméon Soulier Tanguy Teissier Texier Thibault Toussaint Traoré
    Vallet Vasseur Verdier Vidal Vigneron Villard Wagner Ziegler"""
)
FAMILIES_EN: Final = _words(
    """Abbott Ainsley Ashworth Atherton Barlow Beaumont Birchall Blakely Bradshaw Brennan Callaghan
    Carmody Chaudhry Clegg Coulson Crowther Dawson Delaney Dhillon Ellwood Fairley Fenwick Gallagher
    Garside Greenhalgh Hadley Halloran Hargreaves Haworth Holroyd Iqbal Jarvis Kavanagh Kershaw
    Langley Lomax Mahoney Marsden Mensah Nolan Okafor Oldfield Ormerod Pemberton Pickering Prescott
    Quinlan Rafferty Redmond Rowntree Sadler Shackleton Singhal Stanhope Sutcliffe Thackray Tierney
    Underhill Wainwright Whitaker Winstanley Yardley"""
)
GIVEN_FR: Final = {
    "F": _words(
        """Adèle Agnès Aïcha Amandine Anaïs Anne Aurélie Béatrice Camille Cécile Chantal Claire
        Clémence Corinne Delphine Denise Élise Émilie Estelle Fatima Florence Françoise Gabrielle
        Geneviève Hélène Inès Isabelle Jacqueline Jeanne Josette Julie Karima Laure Léa Lucie
        Madeleine Manon Marguerite Marianne Martine Mathilde Monique Nadia Nathalie Odile Pauline
        Renée Salomé Sandrine Simone Solange Sylvie Thérèse Valérie Véronique Yvette Zoé"""
    ),
    "M": _words(
        """Adrien Alain Alexis Antoine Armand Baptiste Bernard Bruno Cédric Christophe Clément
        Damien Daniel Denis Didier Émile Éric Étienne Fabrice Fernand Florian Gaspard Georges
        Gérard Gilles Grégory Guy Hakim Henri Hugo Jacques Jérôme Joël Julien Karim Laurent Lucien
        Mamadou Marcel Mathieu Maurice Mehdi Michel Nicolas Olivier Pascal Philippe Quentin Raymond
        Rémi René Roger Samuel Sébastien Serge Théo Thierry Vincent Xavier Yann Yves"""
    ),
}
GIVEN_EN: Final = {
    "F": _words(
        """Abigail Alice Beatrice Brenda Caroline Charlotte Deborah Eleanor Fiona Gillian Hannah
        Heather Imogen Joan Kathleen Laura Maureen Nicola Patricia Priya Rachel Rosemary Shirley
        Sophie Susan Victoria Winifred Yasmin"""
    ),
    "M": _words(
        """Alan Andrew Arthur Brian Callum Desmond Duncan Edward Gareth Graham Harold Imran Ian
        Keith Kenneth Leonard Malcolm Martin Nigel Oliver Patrick Raymond Rohan Stephen Stuart
        Trevor Walter William"""
    ),
}
SITES_FR: Final = (
    ("VAL", "Centre hospitalier de Valmorel", "Valmorel-sur-Aigre"),
    ("ROC", "Hôpital Saint-Aubrin de Rochefleur", "Rochefleur"),
    ("ORM", "Clinique des Ormes blancs", "Castelrive"),
    ("BRI", "Centre hospitalier universitaire de Brisemont", "Brisemont"),
    ("LAN", "Hôpital intercommunal de Landrezac", "Landrezac"),
    ("SER", "Polyclinique du Serein", "Vaudrenay"),
    ("MAR", "Centre hospitalier de Marvezeux", "Marvezeux"),
)
SITES_EN: Final = (
    ("HAR", "Harrowmere General Hospital", "Harrowmere"),
    ("WYN", "Wynthorpe Infirmary", "Wynthorpe"),
)


def person(dice: Dice, language: str, sex: str = "") -> tuple[str, str, str]:
    """Return family name, given name and sex of someone new.

    Args:
        dice: where the draw comes from.
        language: ``fr`` or ``en``; it decides where the names come from.
        sex: ``F``, ``M``, or an empty text to draw it too.
    """
    sex = sex or dice.pick(("F", "M"))
    if language == "en":
        return dice.pick(FAMILIES_EN), dice.pick(GIVEN_EN[sex]), sex
    family = dice.pick(FAMILIES_FR)
    if dice.chance(0.04):
        family = f"{family}-{dice.pick(FAMILIES_FR)}"
    return family, dice.pick(GIVEN_FR[sex]), sex


def landline(dice: Dice, language: str) -> str:
    """Return a fixed number of a block kept for fiction (01 99 00 xx xx, 020 7946 0xxx)."""
    if language == "en":
        return f"020 7946 0{dice.digits(3)}"
    return f"01 99 00 {dice.digits(2)} {dice.digits(2)}"


def mobile(dice: Dice, language: str) -> str:
    """Return a mobile number of a block kept for fiction (06 39 98 xx xx, 07700 900xxx)."""
    if language == "en":
        return f"07700 900{dice.digits(3)}"
    return f"06 39 98 {dice.digits(2)} {dice.digits(2)}"
