/* +++
answers = "One row a browser that is signed in; of its token only the SHA-256"
+++ */
create table sessions (
    token text primary key,
    name text not null references accounts (name),
    how text not null check (how in ('password', 'oidc', 'link', 'token')),
    address text not null,
    made_at text not null,
    seen_at text not null
) strict
