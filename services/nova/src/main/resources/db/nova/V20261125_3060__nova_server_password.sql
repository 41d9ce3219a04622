create table nova_server_password (
  server_id varchar(36) not null primary key,
  sealed text not null
);
