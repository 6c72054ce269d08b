/* +++
answers = "One row a step of a follow-up; of two steps that follow the same one the second cannot be kept"
+++ */
create table events (
    number integer primary key autoincrement,
    rule text not null,
    region_id text not null,
    department_id text not null,
    since text not null, -- first quarter of the spell when the follow-up began: with the three above its key
    until text not null, -- last quarter of the spell when this was recorded
    follows integer not null, -- number of the step before; 0 for the first
    state text not null check (
        state in ('draft', 'active', 'addressed', 'declined', 'completed', 'closed', 'stopped')
    ),
    owner text not null, -- '' keeps what an earlier step said; so does due
    due text not null,
    note text not null,
    outcome text not null check (
        outcome in ('', 'confirmed', 'not_confirmed') and (state = 'closed') = (outcome <> '')
    ),
    who text not null check (who <> ''),
    at text not null, -- UTC
    snapshot text not null,
    quarter text not null, -- the quarter that was looked at
    unique (rule, region_id, department_id, since, follows)
) strict
