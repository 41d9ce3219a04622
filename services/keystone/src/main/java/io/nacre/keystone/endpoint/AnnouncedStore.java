package io.nacre.keystone.endpoint;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;

/** At which URL each controller's settings said that a service is, when it last started. */
public final class AnnouncedStore {
    private static final Columns ANNOUNCED = Columns.of("keystone_announced");
    private static final Field<String> CONTROLLER = ANNOUNCED.text("controller");
    private static final Field<String> SERVICE_ID = ANNOUNCED.text("service_id");
    private static final Field<String> REGION_ID = ANNOUNCED.text("region_id");
    private static final Field<String> URL = ANNOUNCED.text("url");

    /** Keeps the URL, and tells the one before; empty when there was none. */
    public Optional<String> replace(Tx tx, String controller, String serviceId, String regionId, String url) {
        Condition same = CONTROLLER.eq(controller).and(SERVICE_ID.eq(serviceId)).and(REGION_ID.eq(regionId));
        String before =
                Sql.in(tx).select(URL).from(ANNOUNCED.table()).where(same).fetchOne(URL);
        if (before == null) {
            Sql.in(tx)
                    .insertInto(ANNOUNCED.table())
                    .set(CONTROLLER, controller)
                    .set(SERVICE_ID, serviceId)
                    .set(REGION_ID, regionId)
                    .set(URL, url)
                    .execute();
        } else if (!before.equals(url)) {
            Sql.in(tx).update(ANNOUNCED.table()).set(URL, url).where(same).execute();
        }
        return Optional.ofNullable(before);
    }
}
