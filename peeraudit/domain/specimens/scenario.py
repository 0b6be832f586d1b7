"""What does the generator know about one kind of examination?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """An abnormality that an examination may show. All texts are templates (``phrases``).

    Args:
        organ: the keys of the lines it takes the place of, joined by ``+``; the first is where
            it stands.
        label: the noun phrase a reviewer would use for it, with its article.
        text: the sentences of the findings section.
        conclusion: what a right conclusion says.
        advice: the recommendation that should follow, or an empty text.
        wrong: a conclusion that misreads the finding, or an empty text.
        sites: templates of the places where it may lie.
        size: smallest and greatest measure, in millimetres.
        grave: missing it would probably matter to the patient.
        chronic: it may already stand in an earlier examination.
        ages: the youngest and oldest patients who have it, in years.
    """

    organ: str
    label: str
    text: str
    conclusion: str
    advice: str = ""
    wrong: str = ""
    sites: tuple[str, ...] = ("",)
    size: tuple[int, int] = (0, 0)
    grave: bool = False
    chronic: bool = False
    ages: tuple[int, int] = (0, 120)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of examination: how it is asked for, made, and read. Texts are templates.

    Args:
        modality: DICOM code (CT, MR, US, CR, MG).
        region: one of ``peeraudit.domain.intake.vocabulary.REGIONS``.
        exam: the name of the examination.
        indications: reasons for it; one that starts with ``[60-99]`` is only for those ages.
        technique: how it was made.
        lines: (organ key, the sentence when it is normal), in the order of reading.
        findings: what may be abnormal.
        normal: the conclusion when nothing is.
        negative: what a conclusion says first when no grave finding is there.
        sex: ``F`` or ``M`` when only one is examined.
        ages: the youngest and oldest patients, in years.
        urgent: the share of urgent requests, in percent.
    """

    modality: str
    region: str
    exam: str
    indications: tuple[str, ...]
    technique: str
    lines: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    normal: str
    negative: str
    sex: str = ""
    ages: tuple[int, int] = (18, 99)
    urgent: int = 15
