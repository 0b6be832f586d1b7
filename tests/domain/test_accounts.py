from uuid import UUID

import pytest

from peeraudit.domain.accounts import (
    DEPARTMENT_ROLES,
    ROLE_DUTIES,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    Grant,
    Permission,
    Role,
    check_password,
    departments_for,
    may,
)
from peeraudit.domain.errors import InvalidInput

NORTH, SOUTH = UUID(int=1), UUID(int=2)


class TestRolePermissions:
    def test_every_role_has_permissions_a_label_and_a_duty(self):
        assert set(ROLE_PERMISSIONS) == set(ROLE_LABELS) == set(ROLE_DUTIES) == set(Role)
        assert all(ROLE_PERMISSIONS.values())

    def test_every_permission_is_held_by_some_role(self):
        assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(Permission)

    @pytest.mark.parametrize(
        ("role", "never"),
        [
            (Role.COORDINATOR, {"read_summary", "score_cases", "plan_assignment", "read_feedback"}),
            (Role.REVIEWER, {"read_intake", "check_deidentification", "read_campaign"}),
            (Role.ADJUDICATOR, {"read_intake", "check_deidentification", "plan_assignment"}),
            (Role.AUTHOR, {"plan_assignment", "read_campaign", "score_cases"}),
            (Role.QUALITY_LEAD, {"read_intake", "plan_assignment", "adjudicate_cases"}),
            (Role.NETWORK_LEAD, {"read_intake", "check_deidentification", "upload_reports"}),
            (Role.EXTERNAL_AUDITOR, {"read_intake", "plan_assignment"}),
            (Role.DATA_PROTECTION_OFFICER, {"score_cases", "read_summary", "read_intake"}),
            (Role.ADMINISTRATOR, {"read_intake", "read_summary", "score_cases", "read_feedback"}),
        ],
    )
    def test_a_role_never_sees_what_it_must_not(self, role, never):
        assert not ROLE_PERMISSIONS[role] & {Permission(name) for name in never}


class TestGrant:
    @pytest.mark.parametrize("role", sorted(DEPARTMENT_ROLES))
    def test_a_department_role_needs_a_department(self, role):
        with pytest.raises(InvalidInput, match="choose which"):
            Grant(role)

    @pytest.mark.parametrize("role", sorted(set(Role) - DEPARTMENT_ROLES))
    def test_a_network_role_refuses_a_department(self, role):
        with pytest.raises(InvalidInput, match="whole network"):
            Grant(role, NORTH)


class TestMay:
    def test_a_department_role_reaches_its_department_alone(self):
        grants = [Grant(Role.COORDINATOR, NORTH)]

        assert may(grants, Permission.UPLOAD_REPORTS, NORTH)
        assert not may(grants, Permission.UPLOAD_REPORTS, SOUTH)
        assert may(grants, Permission.UPLOAD_REPORTS)
        assert not may(grants, Permission.SCORE_CASES)

    def test_a_network_role_reaches_every_department(self):
        assert may([Grant(Role.NETWORK_LEAD)], Permission.READ_SUMMARY, SOUTH)

    def test_permissions_of_several_roles_do_not_cross_departments(self):
        grants = [Grant(Role.COORDINATOR, NORTH), Grant(Role.QUALITY_LEAD, SOUTH)]

        assert not may(grants, Permission.READ_SUMMARY, NORTH)
        assert may(grants, Permission.READ_SUMMARY, SOUTH)

    def test_nobody_may_do_nothing(self):
        assert not any(may([], permission) for permission in Permission)


class TestDepartmentsFor:
    def test_they_are_those_of_the_grants_that_allow_it(self):
        grants = [Grant(Role.COORDINATOR, NORTH), Grant(Role.QUALITY_LEAD, SOUTH)]

        assert departments_for(grants, Permission.READ_SUMMARY) == {SOUTH}
        assert departments_for(grants, Permission.READ_CAMPAIGN) == {NORTH, SOUTH}
        assert departments_for(grants, Permission.SCORE_CASES) == frozenset()

    def test_a_network_role_means_all(self):
        grants = [Grant(Role.QUALITY_LEAD, SOUTH), Grant(Role.NETWORK_LEAD)]

        assert departments_for(grants, Permission.READ_SUMMARY) is None


class TestCheckPassword:
    @pytest.mark.parametrize("password", ["trois petits chats", "xK9_dfg!23zz", "ébène et lilas"])
    def test_it_accepts_what_is_long_and_new(self, password):
        check_password(password)

    def test_it_counts_what_is_missing(self):
        with pytest.raises(InvalidInput, match="has 5 characters and needs at least 12"):
            check_password("court")

    def test_it_refuses_what_would_slow_the_server(self):
        with pytest.raises(InvalidInput, match="at most 128"):
            check_password("ab1cd2ef3" * 20)

    @pytest.mark.parametrize(
        "password",
        [
            "Password Password",
            "aaaaaaaaaaaaaa",
            "1q2w3e4r5t6y",
            "MotDePasse2024!",
            "12121212121212",
        ],
    )
    def test_it_refuses_what_is_easily_guessed(self, password):
        with pytest.raises(InvalidInput, match="first that would be tried"):
            check_password(password)

    def test_it_refuses_what_is_known_of_its_owner(self):
        with pytest.raises(InvalidInput, match="first that would be tried"):
            check_password("Claire.Martin@example.org", about=["claire.martin@example.org"])
