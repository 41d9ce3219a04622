-- Limits of the classes without effect; those of the class "default" are the limits of the empty project.
create table nacre_quota_class (
    service varchar(32) not null,
    name varchar(255) not null,
    resource varchar(64) not null,
    value bigint not null,
    primary key (service, name, resource)
);
