-- When a message was first received or read by anybody, and what changed after a revision.
create index mark_rev on server.mark (chat, rev);
