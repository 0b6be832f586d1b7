"""Receives HL7 v2 messages over MLLP and answers each."""
