/* +++
answers = "Adds one account"
+++ */
insert into accounts (
    name, role, regions, department, active, password, must_change, made_at, password_at, signed_in_at
)
values ($name, $role, $regions, $department, 1, $password, $must_change, $at, $at, '')
