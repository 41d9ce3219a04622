-- Durable tasks. Times are microseconds since the epoch.
create table nacre_task (
    id varchar(36) not null primary key,
    saga varchar(64) not null,
    resource varchar(255) not null,
    -- the place in the order of the resource's tasks
    seq bigint not null,
    state ${longtext} not null,
    -- the step to do or undo next, by name so that a saga may gain steps; null when only the end is left
    step varchar(128),
    status varchar(16) not null,
    fault text,
    cancel_reason text,
    caller text not null,
    -- the controller that runs it; null while it waits for its turn
    owner varchar(128),
    attempt integer not null,
    next_at bigint not null,
    -- how many journal entries there are
    entries integer not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    unique (resource, seq)
);

create index nacre_task_status on nacre_task (status, next_at);
create index nacre_task_owner on nacre_task (owner, status);

create table nacre_task_journal (
    task_id varchar(36) not null,
    entry integer not null,
    step varchar(128) not null,
    backwards boolean not null,
    started_at bigint not null,
    finished_at bigint,
    fault text,
    controller varchar(128) not null,
    primary key (task_id, entry)
);

-- Which controllers are alive: one row to renew for each, not one for each task.
create table nacre_controller (
    name varchar(128) not null primary key,
    started_at bigint not null,
    lease_until bigint not null
);
