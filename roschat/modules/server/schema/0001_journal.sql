-- The journal: one number counts every change of conversations.
create schema if not exists server;

-- One row. Updating it is the lock under which everything that changes a conversation commits, so revisions become
-- visible in their order, and `rev` as any snapshot sees it is exactly the last change that this snapshot holds.
-- Whoever writes the journal takes a revision first and other rows after it; so nobody waits in a circle.
create table server.journal (
    one boolean primary key default true check (one),
    rev bigint not null
) with (fillfactor = 10);

insert into server.journal (rev) values (0);

-- The next revision. From here to the commit the caller is alone in the journal.
create function server.next_revision() returns bigint language sql volatile as $$
    update server.journal set rev = rev + 1 returning rev
$$;

-- The newest revision that this snapshot holds.
create function server.last_revision() returns bigint language sql stable as $$
    select rev from server.journal
$$;
