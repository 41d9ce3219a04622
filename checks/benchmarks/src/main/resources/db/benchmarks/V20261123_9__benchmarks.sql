create table bench_server (
    id varchar(36) not null primary key,
    name varchar(255) not null,
    state varchar(16) not null,
    generation bigint not null
);

create table bench_port (
    id varchar(36) not null primary key,
    server_id varchar(36) not null references bench_server (id),
    address varchar(64) not null
);

create index bench_port_server on bench_port (server_id);
