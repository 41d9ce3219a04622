-- Limits that differ from the configured ones; an empty project stands for all projects without one of their own.
create table nacre_quota_limit (
    service varchar(32) not null,
    project varchar(64) not null,
    resource varchar(64) not null,
    value bigint not null,
    primary key (service, project, resource)
);

create table nacre_quota_usage (
    service varchar(32) not null,
    project varchar(64) not null,
    resource varchar(64) not null,
    used bigint not null,
    primary key (service, project, resource)
);
