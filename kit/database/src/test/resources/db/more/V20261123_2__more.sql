create table more_item (id varchar(64) not null primary key);
