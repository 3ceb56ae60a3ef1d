-- Bots that use the Telegram-compatible endpoint, and what waits for them there.
create table bots.telegram (
    bot          bigint primary key references bots.bot on delete cascade,
    last_update  bigint not null default 0,      -- the newest update_id that was given out
    rev          bigint not null,                -- changes of messages up to here are updates, or older than the use
    used_time    bigint not null,                -- Unix seconds of the last getUpdates or setWebhook
    allowed      text[] not null default '{}',   -- kinds of updates that are wanted; empty: the usual ones
    webhook      text not null default '',       -- where updates are posted; empty: getUpdates
    secret       text not null default '',       -- sent along with each post
    certificate  text not null default '',       -- PEM that the webhook's server is trusted by
    connections  int not null default 40,        -- told back by getWebhookInfo; posts go one after the other
    error_time   bigint not null default 0,
    error        text not null default ''        -- why the last post failed
);

-- Updates that nobody has confirmed. They are kept for a day.
create table bots.telegram_update (
    bot     bigint not null references bots.telegram on delete cascade,
    id      bigint not null,                     -- Telegram's update_id
    time    bigint not null,
    kind    text not null,                       -- message, edited_message, callback_query, my_chat_member
    payload text not null,                       -- the JSON of that object
    primary key (bot, id)                        -- read and confirmed in this order
);
create index telegram_update_time on bots.telegram_update (time);   -- the sweep of old ones
