package io.nacre.keystone.group;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.user.PasswordExpiryFilter;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import io.nacre.keystone.user.UserView;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who belongs to a group: API reference "Groups", the routes about users, and "List groups to which a user belongs". */
public final class MembershipApi {
    private static final PolicyRule LIST_GROUPS = KeystonePolicy.domain(
            "list_groups_for_user", orDomainReader("target.user.domain_id") + " or user_id:%(user_id)s");
    private static final PolicyRule LIST_USERS =
            KeystonePolicy.domain("list_users_in_group", orDomainReader("target.group.domain_id"));
    private static final PolicyRule CHECK = KeystonePolicy.domain(
            "check_user_in_group",
            ADMIN_OR_SYSTEM_READER + " or (role:reader and domain_id:%(target.group.domain_id)s"
                    + " and domain_id:%(target.user.domain_id)s)");
    private static final PolicyRule ADD = KeystonePolicy.domain("add_user_to_group", ADMIN);
    private static final PolicyRule REMOVE = KeystonePolicy.domain("remove_user_from_group", ADMIN);

    private final Transactions transactions;
    private final GroupStore groups;
    private final ExpiringMembershipStore expiring;
    private final UserStore users;
    private final Function<@Nullable String, Listings> listings;
    private final Revocations revocations;

    public MembershipApi(
            Transactions transactions,
            GroupStore groups,
            ExpiringMembershipStore expiring,
            UserStore users,
            Function<@Nullable String, Listings> listings,
            Revocations revocations) {
        this.listings = listings;
        this.transactions = transactions;
        this.groups = groups;
        this.expiring = expiring;
        this.users = users;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        String member = "/v3/groups/{group_id}/users/{user_id}";
        return List.of(
                Route.get("/v3/users/{user_id}/groups")
                        .policy(LIST_GROUPS, this::userTarget)
                        .to(this::groupsOfUser),
                Route.get("/v3/groups/{group_id}/users")
                        .policy(LIST_USERS, this::groupTarget)
                        .to(this::usersOfGroup),
                Route.get(member).policy(CHECK, this::bothTarget).to(this::check),
                Route.put(member).policy(ADD, this::bothTarget).to(this::add),
                Route.delete(member).policy(REMOVE, this::bothTarget).to(this::remove));
    }

    private Map<String, @Nullable Object> userTarget(Request request) {
        return transactions
                .read(tx -> users.find(tx, request.param("user_id")))
                .map(UserView::target)
                .orElse(Map.of());
    }

    private Map<String, @Nullable Object> groupTarget(Request request) {
        return transactions
                .read(tx -> groups.find(tx, request.param("group_id")))
                .map(GroupApi::target)
                .orElse(Map.of());
    }

    private Map<String, @Nullable Object> bothTarget(Request request) {
        Map<String, @Nullable Object> both = new HashMap<>(userTarget(request));
        both.putAll(groupTarget(request));
        return both;
    }

    private Response groupsOfUser(Request request) {
        List<Filter> filters = Scopes.visible(request.caller(), Filter.of(request.query(), "name"), "domain_id");
        User user = transactions.read(tx -> users.require(tx, request.param("user_id")));
        Listings listing = listings.apply(user.domainId());
        return transactions.read(tx -> {
            Map<String, Instant> ends = expiring.ends(tx, user.id());
            ends.keySet().removeAll(groups.lastingGroupsOf(tx, user.id()));
            return listing.collection(
                    request, "groups", most -> groups.list(tx, groups.groupsOf(tx, user.id()), filters), (r, group) -> {
                        Map<String, @Nullable Object> shown = GroupApi.show(r, group);
                        shown.put("membership_expires_at", Times.plain(ends.get(group.id())));
                        return shown;
                    });
        });
    }

    private Response usersOfGroup(Request request) {
        List<Filter> filters = Scopes.visible(
                request.caller(),
                PasswordExpiryFilter.and(request.query(), "domain_id", "enabled", "name"),
                "domain_id");
        Group group = transactions.read(tx -> groups.require(tx, request.param("group_id")));
        return listings.apply(group.domainId())
                .collection(
                        request,
                        "users",
                        most -> transactions.read(tx -> users.list(tx, groups.members(tx, group.id()), filters)),
                        UserView::show);
    }

    private Response check(Request request) {
        String userId = request.param("user_id");
        String groupId = request.param("group_id");
        boolean member = transactions.read(tx -> {
            users.require(tx, userId);
            groups.require(tx, groupId);
            return groups.groupsOf(tx, userId).contains(groupId);
        });
        if (!member) {
            throw notMember(userId, groupId);
        }
        return Response.empty(204);
    }

    private Response add(Request request) {
        transactions.run(tx -> {
            User user = users.require(tx, request.param("user_id"));
            Group group = groups.require(tx, request.param("group_id"));
            groups.join(tx, group.id(), user.id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private Response remove(Request request) {
        String userId = request.param("user_id");
        String groupId = request.param("group_id");
        transactions.run(tx -> {
            users.require(tx, userId);
            groups.require(tx, groupId);
            if (!groups.leave(tx, groupId, userId)) {
                throw notMember(userId, groupId);
            }
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private static RuntimeException notMember(String userId, String groupId) {
        return Fault.notFound("User '" + userId + "' not found in group '" + groupId + "'");
    }
}
