"""Structured reports for tests, built element by element."""

import io
from collections.abc import Sequence

from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

BASIC = "1.2.840.10008.5.1.4.1.1.88.11"


def coded(meaning: str, value: str = "X1") -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "99T", meaning
    return code


def item(kind: str, name: str, value: object = "", relation: str = "CONTAINS") -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = relation, kind
    made.ConceptNameCodeSequence = [coded(name)]
    if kind == "TEXT":
        made.TextValue = value
    elif kind == "PNAME":
        made.PersonName = value
    elif kind == "CODE":
        made.ConceptCodeSequence = [coded(str(value))]
    elif kind == "NUM":
        number, unit = value
        measured = Dataset()
        measured.NumericValue = number
        measured.MeasurementUnitsCodeSequence = [coded(unit, unit)]
        made.MeasuredValueSequence = [measured]
    elif kind == "CONTAINER":
        made.ContinuityOfContent = "SEPARATE"
        made.ContentSequence = list(value)
    return made


def document(content: Sequence[Dataset], **elements: object) -> Dataset:
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = BASIC, "1.2.3.4.5"
    made.StudyInstanceUID, made.AccessionNumber = "1.2.3.4", "A1"
    made.StudyDate, made.ContentDate, made.ContentTime = "20260331", "20260401", "1015"
    made.PatientName, made.PatientID, made.PatientSex = "DUMONT^Hélène^Marie", "77", "F"
    made.StudyDescription = "Scanner thoracique"
    made.Modality, made.ValueType, made.ContinuityOfContent = "SR", "CONTAINER", "SEPARATE"
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "VERIFIED"
    made.ConceptNameCodeSequence = [coded("Compte rendu")]
    made.ContentSequence = list(content)
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def as_bytes(dataset: Dataset, *, deflated: bool = False) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    syntax = DeflatedExplicitVRLittleEndian if deflated else ExplicitVRLittleEndian
    dataset.file_meta.TransferSyntaxUID = syntax
    target = io.BytesIO()
    dcmwrite(target, dataset, enforce_file_format=True)
    return target.getvalue()
