/* +++
answers = "One row an account: who may sign in, and as what"
+++ */
create table accounts (
    name text primary key, -- in lower case
    role text not null check (role <> ''),
    regions text not null, -- a JSON list; [] for all
    department text not null, -- '' for all
    active integer not null check (active in (0, 1)),
    password text not null, -- Argon2id; '' where nobody signs in with one
    must_change integer not null check (must_change in (0, 1)), -- the password was chosen by somebody else
    made_at text not null, -- UTC, as are all moments
    password_at text not null,
    signed_in_at text not null -- '' for never
) strict
