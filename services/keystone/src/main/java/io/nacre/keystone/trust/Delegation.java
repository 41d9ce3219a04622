package io.nacre.keystone.trust;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.auth.Authorization;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.UserStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes trusts, none of which gives more than who makes it has. */
public final class Delegation {
    /** The original's [trust] max_redelegation_count. */
    private static final int LONGEST_CHAIN = 3;

    private static final Set<String> KNOWN = Set.of(
            "trustor_user_id",
            "trustee_user_id",
            "project_id",
            "impersonation",
            "expires_at",
            "remaining_uses",
            "allow_redelegation",
            "redelegation_count",
            "roles",
            "id");

    private final Transactions transactions;
    private final Stores stores;
    private final EffectiveRoles effective;
    private final Ids ids;
    private final InstantSource clock;

    /** Where it looks things up. */
    public record Stores(TrustStore trusts, UserStore users, ProjectStore projects, RoleStore roles) {}

    public Delegation(
            Transactions transactions, Stores stores, EffectiveRoles effective, Ids ids, InstantSource clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.effective = effective;
        this.ids = ids;
        this.clock = clock;
    }

    /** Faults with FORBIDDEN for a token of a consumer, or of an application credential that may not make further ones. */
    public static void requireUnrestricted(Authorization token) {
        if (token.accessToken() != null) {
            throw forbidden("Using method 'oauth1' is not allowed for managing trusts");
        }
        ApplicationCredential credential = token.credential();
        if (credential != null && !credential.unrestricted()) {
            throw forbidden("Using method 'application_credential' is not allowed for managing trusts");
        }
    }

    private static RuntimeException forbidden(String action) {
        return Fault.forbidden("You are not authorized to perform the requested action: " + action + ".");
    }

    Trust create(Authorization token, JsonNode sent) {
        requireUnrestricted(token);
        if (token.isBoundToCertificate()) {
            throw forbidden("Creating a trust with a token that is bound to a certificate");
        }
        if (token.credential() != null && token.credential().accessRules() != null) {
            throw forbidden(
                    "Creating a trust, which knows no access rules, with an application credential that has some");
        }
        String projectId = text(sent, "project_id");
        boolean anyRole = sent.has("roles") && !sent.get("roles").isEmpty();
        if (projectId != null && !anyRole) {
            throw forbidden("At least one role should be specified");
        }
        Instant expiresAt = Times.expiry(text(sent, "expires_at"), clock.instant());
        return transactions.write(tx -> {
            String trusteeId = sent.get("trustee_user_id").asString();
            stores.users().require(tx, trusteeId);
            Trust wanted = new Trust(
                    ids.hex(),
                    sent.get("trustor_user_id").asString(),
                    trusteeId,
                    projectId,
                    sent.get("impersonation").asBoolean(),
                    expiresAt,
                    number(sent, "remaining_uses"),
                    null,
                    redelegations(sent),
                    sent.has("roles") ? stores.roles().named(tx, sent.get("roles")) : List.of(),
                    extra(sent));
            Trust trust = token.trust() == null ? wanted : within(tx, token.trust(), wanted, sent);
            requireWithinCredential(tx, token, trust);
            requireRoles(tx, trust);
            stores.trusts().create(tx, trust);
            return trust;
        });
    }

    private static Map<String, @Nullable Object> extra(JsonNode sent) {
        Map<String, @Nullable Object> extra = new LinkedHashMap<>(Json.map(sent));
        extra.keySet().removeAll(KNOWN);
        return extra;
    }

    private static int redelegations(JsonNode sent) {
        Integer count = number(sent, "redelegation_count");
        boolean allowed = sent.has("allow_redelegation")
                && sent.get("allow_redelegation").asBoolean()
                && !Integer.valueOf(0).equals(count);
        if (!allowed) {
            return 0;
        }
        if (number(sent, "remaining_uses") != null) {
            throw Fault.invalid("remaining_uses must not be set if redelegation is allowed");
        }
        if (count != null && count > LONGEST_CHAIN) {
            throw Fault.forbidden(
                    "Requested redelegation depth of " + count + " is greater than allowed " + LONGEST_CHAIN);
        }
        return count == null ? LONGEST_CHAIN : count;
    }

    /** One made with an application credential gives no more and for no longer than that does. */
    private void requireWithinCredential(Tx tx, Authorization token, Trust wanted) {
        ApplicationCredential credential = token.credential();
        if (credential == null) {
            return;
        }
        Set<String> own = token.roles().stream().map(Role::id).collect(Collectors.toSet());
        if (!credential.projectId().equals(wanted.projectId())
                || !own.containsAll(stores.roles().graph(tx).expand(wanted.roleIds()))) {
            throw forbidden("A trust made with an application credential gives roles of that credential only");
        }
        Instant end = credential.expiresAt();
        if (end != null && (wanted.expiresAt() == null || wanted.expiresAt().isAfter(end))) {
            throw forbidden("A trust made with an application credential must not outlive it");
        }
    }

    /** The trustor of the first trust of the chain must have every role now. */
    private void requireRoles(Tx tx, Trust trust) {
        if (trust.projectId() == null) {
            return;
        }
        Project project = stores.projects().require(tx, trust.projectId());
        String source = trust.redelegatedTrustId() == null
                ? trust.trustorId()
                : stores.trusts()
                        .chain(tx, stores.trusts().require(tx, trust.redelegatedTrustId()))
                        .getLast()
                        .trustorId();
        Set<String> has = effective.allOnProject(tx, source, project);
        for (String roleId : trust.roleIds()) {
            if (!has.contains(roleId)) {
                throw Fault.notFound("Could not find role: " + roleId + ".");
            }
        }
    }

    /** A trust made with a token of a trust: fewer steps, no more roles, no more time, nobody else's face. */
    private Trust within(Tx tx, Trust parent, Trust wanted, JsonNode sent) {
        for (Trust each : stores.trusts().chain(tx, parent)) {
            if (each.redelegationCount() < 1 || each.redelegationCount() > LONGEST_CHAIN) {
                throw Fault.forbidden("Remaining redelegation depth of " + each.redelegationCount()
                        + " out of allowed range of [0.." + LONGEST_CHAIN + "]");
            }
            if (wanted.remainingUses() != null) {
                throw Fault.forbidden("Field \"remaining_uses\" is set to " + wanted.remainingUses()
                        + " while it must not be set in order to redelegate a trust");
            }
            if (!each.roleIds().containsAll(wanted.roleIds())) {
                throw Fault.forbidden("Some of requested roles are not in redelegated trust");
            }
            if (!each.impersonation() && wanted.impersonation()) {
                throw Fault.forbidden("Impersonation is not allowed because redelegated trust does not specify"
                        + " impersonation. Redelegated trust id: " + each.id());
            }
            if (wanted.expiresAt() != null
                    && each.expiresAt() != null
                    && wanted.expiresAt().isAfter(each.expiresAt())) {
                throw Fault.forbidden("Requested expiration time is more than redelegated trust can provide");
            }
        }
        if (wanted.projectId() == null || !wanted.projectId().equals(parent.projectId())) {
            throw Fault.forbidden("A redelegated trust must be for the project of the trust it is made from");
        }
        int remaining = parent.redelegationCount() - 1;
        Integer asked = number(sent, "redelegation_count");
        if (wanted.redelegationCount() > 0 && asked != null && asked != remaining) {
            throw Fault.forbidden("Modifying \"redelegation_count\" upon redelegation is forbidden."
                    + " Omitting this parameter is advised.");
        }
        return new Trust(
                wanted.id(),
                wanted.trustorId(),
                wanted.trusteeId(),
                wanted.projectId(),
                wanted.impersonation(),
                wanted.expiresAt() == null ? parent.expiresAt() : wanted.expiresAt(),
                null,
                parent.id(),
                wanted.redelegationCount() == 0 ? 0 : remaining,
                wanted.roleIds(),
                wanted.extra());
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value.asString();
    }

    private static @Nullable Integer number(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value.asInt();
    }
}
