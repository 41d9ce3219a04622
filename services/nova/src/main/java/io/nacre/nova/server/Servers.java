package io.nacre.nova.server;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Route;
import io.nacre.nova.flavor.FlavorStore;
import io.nacre.nova.keypair.KeypairStore;
import io.nacre.nova.server.action.ServerCreate;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.nova.server.action.ServerPower;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/** Puts the parts of the servers' API together. */
public final class Servers {
    private static final String LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int PASSWORD_LENGTH = 12;

    private final List<Route> routes = new ArrayList<>();
    private final List<PolicyRule> rules = new ArrayList<>();

    /** The sagas that the API starts. */
    public record Deeds(ServerCreate create, ServerDelete delete, ServerPower power) {}

    public Servers(
            ServerSagas base,
            Deeds deeds,
            FlavorStore flavors,
            KeypairStore keypairs,
            ServerLaunch.Rules cloud,
            Ids ids,
            List<ServerAction> more) {
        Transactions transactions = base.transactions();
        ServerStore store = base.servers();
        TagStore tags = new TagStore();
        ServerDetails details = new ServerDetails(base.networks(), tags, base.hosts(), cloud.groups(), base.liveness());
        ServerLaunch launch = new ServerLaunch(base, deeds.create(), flavors, keypairs, tags, cloud, ids);
        routes.addAll(new ServerApi(
                        transactions,
                        store,
                        new ServerSearchStore(store, base.networks()),
                        details,
                        deeds.delete(),
                        base.clock())
                .routes());
        routes.addAll(new ServerCreateApi(transactions, launch, () -> password(ids)).routes());
        routes.addAll(new ServerMetadataApi(transactions, store, base.quotas(), base.clock()).routes());
        routes.addAll(new TagApi(transactions, store, tags, base.clock()).routes());
        routes.addAll(new AddressApi(transactions, store, base.networks()).routes());
        List<ServerAction> actions = new ArrayList<>(new PowerApi(transactions, store, deeds.power()).actions());
        actions.addAll(new LockApi(transactions, store, base.clock()).actions());
        actions.addAll(new SecurityGroupActions(transactions, store, base.networks()).actions());
        actions.addAll(new DeferredDeleteActions(transactions, store, deeds.delete()).actions());
        actions.addAll(more);
        ServerActionApi action = new ServerActionApi(transactions, store, actions);
        routes.addAll(action.routes());
        rules.addAll(action.rules());
        rules.addAll(ServerApi.rules());
        rules.addAll(ServerCreateApi.rules());
        rules.add(LockApi.OVERRIDE);
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /** Rules that are asked for beside those of the routes. */
    public List<PolicyRule> rules() {
        return List.copyOf(rules);
    }

    private static String password(Ids ids) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            text.append(LETTERS.charAt(ids.random().nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
