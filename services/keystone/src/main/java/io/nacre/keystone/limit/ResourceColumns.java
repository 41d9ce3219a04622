package io.nacre.keystone.limit;

import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The columns that say what is limited. */
record ResourceColumns(Field<String> serviceId, Field<String> regionId, Field<String> name) {
    private static final String NONE = "";

    Condition same(Resource resource) {
        return serviceId
                .eq(resource.serviceId())
                .and(regionId.eq(stored(resource.regionId())))
                .and(name.eq(resource.name()));
    }

    Map<Field<?>, @Nullable Object> values(Resource resource) {
        return Map.of(serviceId, resource.serviceId(), regionId, stored(resource.regionId()), name, resource.name());
    }

    Resource read(Record row) {
        return new Resource(row.get(serviceId), shown(row.get(regionId)), row.get(name));
    }

    static String stored(@Nullable String id) {
        return id == null ? NONE : id;
    }

    static @Nullable String shown(String id) {
        return id.equals(NONE) ? null : id;
    }
}
