"""Use cases: verbs that load rows, ask the domain, change rows, leave a trail and order work.

By the stages of the audit:

People (who signs in, in which role, and when they are there): `accounts`, `sign_in`, `tokens`,
`profiles`, `presence`, `absences`, `own_limits`, `mail_choices`, `network`.

Intake (reports arrive, are kept, refused, put right): `intake`, `intake_uploads`,
`intake_keeping`, `intake_texts`, `intake_layouts`, `sealed_layouts`, `intake_members`,
`intake_names`, `intake_refused`, `intake_mending`, `intake_repeats`, `intake_shelf`,
`intake_purged`, `intake_listening`, `intake_messages`.

Blinding (the only ones that read identities): `blinding`, `blinding_intake`, `blinding_records`,
`blinding_places`, `blinding_strata`, `blinding_days`, `blinding_priors`, `blinding_changes`,
`blinding_seen`, `blinding_recognition`, `blinding_unsealing`, `blinding_keys`, `blinding_purge`.

Campaigns and sampling (rules, the frozen list, the draw, what becomes of the sample):
`campaigns`, `boards`, `planning`, `acceptances`, `frames`, `frame_reports`, `frame_views`,
`frame_periods`, `sampling`, `draw_cases`, `draw_extensions`, `targeting`, `sample_changes`,
`report_changes`, `change_decisions`.

Texts (masked by a job, checked by a person, taught words): `masking`, `masking_orders`,
`checking`, `checked_texts`, `case_texts`, `prior_reports`, `teaching`.

Assignment (who reads what: the plan, offers, and who steps in): `assignment`,
`assignment_material`, `plan_making`, `assignment_plans`, `assignment_preview`,
`assignment_sheets`, `plan_insight`, `plan_names`, `offers`, `turns`, `due_days`, `overdue`,
`lateness`, `giving_back`, `passing_on`, `replacements`, `stand_ins`, `handover`.

Scoring and settling (reading, second opinions, outcomes, authors): `scoring`, `score_drafts`,
`reading_desk`, `readings`, `blind_reads`, `adjudication`, `adjudicators`, `settling`, `outcomes`,
`feedback`, `alerts`.

Statistics and summaries (counts, snapshots, what is told): `statistics`, `statistics_counts`,
`statistics_tallies`, `statistics_awaited`, `statistics_kept`, `statistics_watch`,
`statistics_export`, `snapshot_exports`, `severity`, `nightly`, `summaries`.

Around them (messages, the trail, jobs, the end of retention, the demonstration): `notifications`,
`reminders`, `trail`, `jobs`, `duties`, `health`, `retention`, `retention_purge`, `demo`,
`demo_network`, `demo_audit`, `demo_readings`.
"""
