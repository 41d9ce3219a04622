-- Users whom an identity provider vouches for, and the user that stands for each here.
create table keystone_federated_user (
  identity_provider_id varchar(64) not null,
  protocol_id varchar(64) not null,
  unique_id varchar(255) not null,
  user_id varchar(64) not null,
  primary key (identity_provider_id, protocol_id, unique_id)
);
create index keystone_federated_user_user on keystone_federated_user (user_id);
