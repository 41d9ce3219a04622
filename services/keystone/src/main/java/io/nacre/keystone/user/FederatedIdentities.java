package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.identityprovider.IdentityProviderStore;
import io.nacre.keystone.identityprovider.ProtocolStore;
import io.nacre.keystone.user.FederatedUserStore.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The attribute {@code federated} of users: as whom identity providers know them. */
public final class FederatedIdentities {
    private static final String NAME = "federated";

    private final FederatedUserStore federated;
    private final IdentityProviderStore providers;
    private final ProtocolStore protocols;

    public FederatedIdentities(FederatedUserStore federated, IdentityProviderStore providers, ProtocolStore protocols) {
        this.federated = federated;
        this.providers = providers;
        this.protocols = protocols;
    }

    /** What is sent replaces what is there; none, or an empty list, changes nothing. */
    void update(Tx tx, String userId, Fields fields) {
        JsonNode sent = fields.node(NAME);
        if (sent == null || sent.isEmpty()) {
            return;
        }
        List<Subject> subjects = subjects(sent);
        subjects.forEach(subject -> requireKnown(tx, subject));
        federated.deleteOfUser(tx, userId);
        subjects.forEach(subject -> federated.create(tx, subject, userId));
    }

    private static List<Subject> subjects(JsonNode sent) {
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode provider : sent) {
            for (JsonNode protocol : provider.get("protocols")) {
                subjects.add(new Subject(
                        provider.get("idp_id").asString(),
                        protocol.get("protocol_id").asString(),
                        protocol.get("unique_id").asString()));
            }
        }
        return subjects;
    }

    private void requireKnown(Tx tx, Subject subject) {
        if (providers.find(tx, subject.providerId()).isEmpty()) {
            throw Fault.invalid("Could not find Identity Provider: " + subject.providerId());
        }
        if (protocols.find(tx, subject.providerId(), subject.protocolId()).isEmpty()) {
            throw Fault.invalid("Could not find federated protocol " + subject.protocolId() + " for Identity Provider: "
                    + subject.providerId() + ".");
        }
    }

    /** The user with what is known of them elsewhere; nothing is added when that is nothing. */
    Map<String, @Nullable Object> with(Tx tx, User user, Map<String, @Nullable Object> shown) {
        Map<String, List<Map<String, String>>> byProvider = new LinkedHashMap<>();
        for (Subject subject : federated.ofUser(tx, user.id())) {
            byProvider
                    .computeIfAbsent(subject.providerId(), id -> new ArrayList<>())
                    .add(Map.of("protocol_id", subject.protocolId(), "unique_id", subject.uniqueId()));
        }
        if (!byProvider.isEmpty()) {
            shown.put(
                    NAME,
                    byProvider.entrySet().stream()
                            .map(each -> Map.of("idp_id", each.getKey(), "protocols", each.getValue()))
                            .toList());
        }
        return shown;
    }
}
