package io.nacre.glance.info;

import io.nacre.base.Transactions;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** API reference "Discovery". */
public final class InfoApi {
    private final Transactions transactions;
    private final ImageQuotas quotas;
    private final GlanceConfig config;
    private final Stores stores;

    public InfoApi(Transactions transactions, ImageQuotas quotas, GlanceConfig config, Stores stores) {
        this.transactions = transactions;
        this.quotas = quotas;
        this.config = config;
        this.stores = stores;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v2/info/import").policy(GlancePolicy.DISCOVER).to(this::importMethods),
                Route.get("/v2/info/stores").policy(GlancePolicy.DISCOVER).to(r -> stores(false)),
                Route.get("/v2/info/stores/detail")
                        .policy(GlancePolicy.STORES_DETAIL)
                        .to(r -> stores(true)),
                Route.get("/v2/info/usage").policy(GlancePolicy.DISCOVER).to(this::usage));
    }

    private Response importMethods(Request request) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("description", "Import methods available.");
        shown.put("type", "array");
        shown.put("value", config.importMethods());
        return Response.json(200, "import-methods", shown);
    }

    private Response stores(boolean detail) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Stores.Store store : stores.offered()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", store.id());
            if (store.description() != null) {
                one.put("description", store.description());
            }
            if (store.equals(stores.byDefault())) {
                one.put("default", "true");
            }
            if (store.readOnly()) {
                one.put("read-only", "true");
            }
            if (detail) {
                one.put("type", store.driver().kind());
                one.put("properties", store.driver().properties());
                one.put("weight", store.weight());
            }
            shown.add(one);
        }
        return Response.json(200, "stores", shown);
    }

    /** The project's own share of each quota. */
    private Response usage(Request request) {
        String project = request.caller().requireProject();
        return Response.json(200, "usage", transactions.read(tx -> quotas.usage(tx, project)));
    }
}
