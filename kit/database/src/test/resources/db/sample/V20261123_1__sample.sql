create table sample_item (
    id varchar(64) not null primary key,
    name varchar(255) not null unique,
    weight bigint,
    body ${longtext},
    seal ${bytes}
);
create table sample_part (
    id varchar(64) not null primary key,
    item_id varchar(64) not null references sample_item (id)
);
