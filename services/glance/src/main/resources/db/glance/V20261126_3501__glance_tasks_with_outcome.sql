-- Tasks tell by themselves how they went. Those from before lived for two days at the most and are forgotten.
drop table glance_task;
create table glance_task (
  id varchar(36) not null primary key,
  type varchar(30) not null,
  status varchar(20) not null,
  image_id varchar(36),
  owner varchar(255),
  user_id varchar(255),
  request_id varchar(255) not null,
  input text not null,
  result text,
  message text,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint
);
create index glance_task_image on glance_task (image_id);
create index glance_task_created on glance_task (created_at, id);
create index glance_task_expires on glance_task (expires_at);
