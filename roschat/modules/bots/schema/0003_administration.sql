-- What the console decides about developers and bots, and when they were last here.
alter table bots.developer add column blocked boolean not null default false;
alter table bots.developer add column created timestamptz not null default now();
alter table bots.developer add column signed_in timestamptz;         -- the last sign-in to the panel
alter table bots.bot add column disabled boolean not null default false;
alter table bots.bot add column seen bigint not null default 0;      -- Unix seconds of the last connection or message
