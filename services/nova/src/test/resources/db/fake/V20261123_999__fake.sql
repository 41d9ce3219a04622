create table fake_row (
  kind varchar(20) not null,
  id varchar(64) not null,
  value ${longtext} not null,
  primary key (kind, id)
);
