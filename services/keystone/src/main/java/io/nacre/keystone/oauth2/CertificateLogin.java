package io.nacre.keystone.oauth2;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.auth.ClientCertificate;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.mapping.MappingStore;
import io.nacre.keystone.mapping.rule.Assertion;
import io.nacre.keystone.mapping.rule.Mapped;
import io.nacre.keystone.mapping.rule.Rules;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Logs in users who come with a certificate: when a mapping makes the same user of its names, they get a token for their
 * default project that is good only together with the certificate.
 */
public final class CertificateLogin {
    private final Transactions transactions;
    private final Stores stores;
    private final Login login;
    private final String mappingId;

    /** Where it looks things up. */
    public record Stores(UserStore users, ProjectStore projects, MappingStore mappings) {}

    public CertificateLogin(Transactions transactions, Stores stores, Login login, String mappingId) {
        this.transactions = transactions;
        this.stores = stores;
        this.login = login;
        this.mappingId = mappingId;
    }

    Login.Issued login(String userId, ClientCertificate certificate) {
        String projectId = transactions.read(tx -> projectOf(tx, userId, certificate));
        return login.byCertificate(userId, projectId, certificate.thumbprint());
    }

    private String projectOf(Tx tx, String userId, ClientCertificate certificate) {
        User user = stores.users().find(tx, userId).orElseThrow(OAuth2Refusal::invalidClient);
        Mapped.User mapped = mapped(tx, certificate);
        Project domain = stores.projects().requireDomain(tx, user.domainId());
        if (user.defaultProjectId() == null || !isSame(mapped, user, domain)) {
            throw OAuth2Refusal.invalidClient();
        }
        return user.defaultProjectId();
    }

    private Mapped.User mapped(Tx tx, ClientCertificate certificate) {
        Map<String, List<String>> attributes = new HashMap<>();
        certificate.names().forEach((name, value) -> attributes.put(name, List.of(value)));
        return stores.mappings()
                .find(tx, mappingId)
                .map(mapping -> Rules.of(mapping.schemaVersion(), mapping.rules()))
                .orElseThrow(OAuth2Refusal::invalidClient)
                .apply(new Assertion(attributes))
                .user();
    }

    /** All that the mapping says; that is more than nothing, which the original would take for anybody. */
    private static boolean isSame(Mapped.User mapped, User user, Project domain) {
        Mapped.Domain of = mapped.domain();
        return (mapped.id() != null || mapped.name() != null)
                && agrees(mapped.id(), user.id())
                && agrees(mapped.name(), user.name())
                && agrees(mapped.email(), user.extra().get("email"))
                && (of == null || (agrees(of.id(), domain.id()) && agrees(of.name(), domain.name())));
    }

    private static boolean agrees(@Nullable String said, @Nullable Object known) {
        return said == null || said.equals(known);
    }
}
