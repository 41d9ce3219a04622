package io.nacre.glance.metadef;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlancePolicy;
import io.nacre.http.Request;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may see a namespace. Who may not is told that it does not exist, whatever they wanted of it. */
final class NamespaceAccess {
    private final Transactions transactions;
    private final NamespaceStore namespaces;
    private final Policy policy;

    NamespaceAccess(Transactions transactions, NamespaceStore namespaces, Policy policy) {
        this.transactions = transactions;
        this.namespaces = namespaces;
        this.policy = policy;
    }

    boolean isAdmin(Caller caller) {
        return policy.allows(GlancePolicy.IS_ADMIN.name(), caller, Map.of());
    }

    /** What a rule about the namespace in the path is checked with. */
    Map<String, @Nullable Object> target(Request request) {
        return about(transactions.read(tx -> see(tx, request)));
    }

    /** The namespace in the path; faults with NOT_FOUND. */
    Namespace see(Tx tx, Request request) {
        String name = request.param("namespace");
        return find(tx, request.caller(), name)
                .orElseThrow(() ->
                        Fault.notFound(saysWhatItIs(request) ? missing(name) : "Namespace " + name + " not found"));
    }

    /** Whether the original says of a namespace that is missing what kind of thing it is. */
    private static boolean saysWhatItIs(Request request) {
        String[] below = request.path().substring(Wire.NAMESPACES.length()).split("/");
        return below.length > 2 ? below[2].equals("objects") : request.method().equals("GET");
    }

    private static String missing(String name) {
        return "Metadata definition namespace=" + name + " was not found.";
    }

    Namespace see(Tx tx, Caller caller, String name) {
        return find(tx, caller, name).orElseThrow(() -> Fault.notFound(missing(name)));
    }

    private Optional<Namespace> find(Tx tx, Caller caller, String name) {
        return namespaces.find(tx, name).filter(namespace -> shows(caller, namespace));
    }

    /** A namespace to change, or to change something in; faults with NOT_FOUND. */
    Namespace hold(Tx tx, Request request) {
        Namespace namespace = see(tx, request);
        hold(tx, namespace);
        return namespace;
    }

    void hold(Tx tx, Namespace namespace) {
        namespaces.hold(tx, namespace);
    }

    boolean shows(Caller caller, Namespace namespace) {
        return (isAdmin(caller)
                        || namespace.isPublic()
                        || namespace.owner() == null
                        || namespace.owner().equals(caller.projectId()))
                && policy.allows(MetadefPolicy.GET_NAMESPACE.name(), caller, about(namespace));
    }

    void enforce(Request request, PolicyRule rule, Namespace namespace) {
        request.enforce(rule, about(namespace));
    }

    boolean allows(Request request, PolicyRule rule, Namespace namespace) {
        return request.allows(rule, about(namespace));
    }

    private static Map<String, @Nullable Object> about(Namespace namespace) {
        Map<String, @Nullable Object> target = new HashMap<>();
        target.put("project_id", namespace.owner());
        target.put("visibility", namespace.visibility());
        return target;
    }
}
