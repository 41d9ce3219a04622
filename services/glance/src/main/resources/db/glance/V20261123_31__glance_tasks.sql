create table glance_task (
  id varchar(36) not null primary key,
  image_id varchar(36) not null,
  input text not null
);
create index glance_task_image on glance_task (image_id);
