package io.nacre.keystone.revocation;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.revocation.Revocation.Kind;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "OS-REVOKE": what makes tokens invalid before their time, for those who validate them on their own. */
public final class RevocationApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_revoke_events", "rule:service_or_admin");
    /** How the original names what an event is about; it has no name for the rest. */
    private static final Map<Kind, String> NAMES = Map.of(
            Kind.AUDIT, "audit_id",
            Kind.CHAIN, "audit_chain_id",
            Kind.USER, "user_id",
            Kind.PROJECT, "project_id",
            Kind.DOMAIN, "domain_id",
            Kind.TRUST, "OS-TRUST:trust_id");

    private final Transactions transactions;
    private final RevocationStore store;

    public RevocationApi(Transactions transactions, RevocationStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    public List<Route> routes() {
        return List.of(Route.get("/v3/OS-REVOKE/events").policy(LIST).to(this::list));
    }

    private Response list(Request request) {
        String since = request.query().get("since");
        Instant from = since == null ? Instant.EPOCH : Times.parse(since);
        List<Map<String, @Nullable Object>> shown =
                transactions.read(tx -> store.list(tx, NAMES.keySet(), from)).stream()
                        .map(RevocationApi::show)
                        .toList();
        return Envelope.collection(request, "events", shown);
    }

    /** Of what is over for good the original says that whatever was issued until then is over. */
    private static Map<String, @Nullable Object> show(RevocationStore.Listed listed) {
        Instant before = listed.event().before();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put(NAMES.get(listed.event().kind()), listed.event().subject());
        shown.put("issued_before", Times.iso(before.isBefore(listed.revokedAt()) ? before : listed.revokedAt()));
        shown.put("revoked_at", Times.iso(listed.revokedAt()));
        return shown;
    }
}
