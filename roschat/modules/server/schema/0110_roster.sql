-- Mass changes of the directory: plans with their rows, which are the way back too, and presets of imports.
create table server.mass_plan (
    id        bigint generated always as identity primary key,
    kind      text not null check (kind in ('add', 'edit', 'import')),
    title     text not null default '',
    state     text not null default 'preparing' check (state in
              ('preparing', 'ready', 'applying', 'applied', 'undoing', 'undone', 'failed', 'cancelled')),
    who       text not null,
    created   timestamptz not null default now(),
    applied   timestamptz,
    undone    timestamptz,
    job       bigint not null default 0,            -- the last one that worked on it
    text      text not null default '',             -- why it failed
    change    jsonb not null,                       -- what was asked for, without passwords
    secret    bytea,                                -- the given password, sealed; gone when the plan is applied
    length    integer not null default 12,          -- of random passwords
    total     integer not null default 0,           -- the counts below: as the preview found them
    added     integer not null default 0,
    changed   integer not null default 0,
    unchanged integer not null default 0,
    errors    integer not null default 0,
    warnings  integer not null default 0
);
create index mass_plan_created on server.mass_plan (created);       -- clearing away

create table server.mass_row (
    plan       bigint not null references server.mass_plan on delete cascade,
    position   integer not null,                    -- of an import the line of the file
    cid        bigint not null,                     -- of a contact to be added: reserved; 0: nobody
    name       text not null,
    action     text not null check (action in ('add', 'change', 'none')),
    state      text not null check (state in ('planned', 'error', 'done', 'skipped', 'undone', 'kept')),
    outcome    text not null default '',
    before     jsonb,                               -- the contact; null: does not exist
    after      jsonb,
    faults     jsonb not null default '[]',
    warned     boolean not null default false,
    password   text not null default '',            -- the kind of new one
    secret     bytea,                               -- its text, sealed; gone after the download or a day
    mailed     boolean not null default false,
    old_hash   text,                                -- of the password that was replaced
    new_hash   text,                                -- of the new one: did its owner change it since?
    primary key (plan, position)
);
create index mass_row_state on server.mass_row (plan, state, position);     -- what is left to do; filters of the preview

create table server.import_preset (
    name     text primary key,
    preset   jsonb not null,
    changed  timestamptz not null default now()
);
