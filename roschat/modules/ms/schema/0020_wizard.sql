-- What was decided about the steps of the first-run wizard; a step without a row waits, unless the facts say it is done.
CREATE TABLE ms.wizard_step (
    name  text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('done', 'skipped')),
    who   text NOT NULL,
    time  timestamptz NOT NULL DEFAULT now()
);

-- Roles whose users do not want to see the wizard any more: it was finished or put away.
CREATE TABLE ms.wizard_closed (
    role text PRIMARY KEY,
    who  text NOT NULL,
    time timestamptz NOT NULL DEFAULT now()
);
