create table sample_item (
    id varchar(64) not null primary key,
    name varchar(255) not null unique,
    kind varchar(16),
    weight bigint,
    ready boolean,
    ratio double precision,
    labels text,
    at bigint,
    body ${longtext},
    seal ${bytes},
    generation bigint not null
);
create table sample_part (
    id varchar(64) not null primary key,
    item_id varchar(64) not null references sample_item (id)
);
insert into sample_item (id, name, generation) values ('seed', 'seed', 0);
