-- Programs that users may let act for them, what these ask for, and what they were given.
create table keystone_consumer (
  id varchar(64) not null primary key,
  sealed_secret varchar(255) not null,
  description ${longtext},
  extra ${longtext} not null
);

create table keystone_request_token (
  id varchar(64) not null primary key,
  sealed_secret varchar(255) not null,
  consumer_id varchar(64) not null,
  project_id varchar(64) not null,
  expires_at bigint,
  user_id varchar(64),
  verifier varchar(64),
  role_ids ${longtext} not null
);
create index keystone_request_token_consumer on keystone_request_token (consumer_id);
create index keystone_request_token_expires_at on keystone_request_token (expires_at);

create table keystone_access_token (
  id varchar(64) not null primary key,
  sealed_secret varchar(255) not null,
  consumer_id varchar(64) not null,
  user_id varchar(64) not null,
  project_id varchar(64) not null,
  role_ids ${longtext} not null,
  expires_at bigint
);
create index keystone_access_token_consumer on keystone_access_token (consumer_id);
create index keystone_access_token_user on keystone_access_token (user_id);
