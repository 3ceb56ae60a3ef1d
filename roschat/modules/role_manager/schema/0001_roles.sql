-- Roles, who has which, their rules and personal exceptions.
create schema if not exists role_manager;

-- One row: counts the changes. Who changes anything locks it first, who reads all takes it for share.
create table role_manager.revision (
    rev bigint not null
);
insert into role_manager.revision (rev) values (1);

create table role_manager.role (
    id          bigint generated always as identity primary key,   -- 1 is the base role
    name        text not null,
    description text not null default ''
);
create unique index role_name on role_manager.role (lower(name));    -- "is the name taken"
insert into role_manager.role (name) values ('Базовая роль');

-- Those who have another role than the base role.
create table role_manager.member (
    cid  bigint primary key,
    role bigint not null references role_manager.role on delete cascade
);
create index member_role on role_manager.member (role);              -- the members of a role

-- Rules of a role, or personal exceptions of a contact.
create table role_manager.rule (
    id       bigint generated always as identity primary key,
    role     bigint references role_manager.role on delete cascade,
    cid      bigint,
    action   text not null,
    allow    boolean not null,
    scope    text not null check (scope in ('all', 'roles', 'contacts')),
    roles    bigint[] not null default '{}',
    contacts bigint[] not null default '{}',
    check ((role is null) <> (cid is null))
);
create index rule_role on role_manager.rule (role) where role is not null;   -- the rules of a role
create index rule_cid on role_manager.rule (cid) where cid is not null;      -- the exceptions of a contact
