package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.http.Route;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong characters, lengths and values in the path and the query of every route. The service must not fail over any of them,
 * and neither what it refuses nor what only asks may change anything.
 */
@EveryEngine(migrations = "db/keystone")
class BadAddressTest {
    private static final int REQUESTS = Integer.getInteger("nacre.fuzz", 2_500);
    private static final long SEED = Long.getLong("nacre.fuzz.seed", 1);
    private static final int SHOWN = 30;
    private static final Pattern PARAMETER = Pattern.compile("\\{[a-z_]+\\*?}");
    private static final List<String> NAMES = List.of(
            "name,id,enabled,type,interface,description,unknown",
            "domain_id,project_id,user_id,parent_id,parent_region_id,region_id,service_id,resource_name",
            "is_domain,parents_as_list,parents_as_ids,subtree_as_list,subtree_as_ids,nocatalog,allow_expired",
            "tags,tags-any,not-tags,not-tags-any,idp_id,protocol_id,unique_id,password_expires_at",
            "effective,include_names,include_subtree,role.id,user.id,group.id,scope.system,scope.domain.id",
            "scope.project.id,scope.OS-INHERIT:inherited_to,trustor_user_id,trustee_user_id,since,origin",
            "limit,marker,sort_key,sort_dir,page,per_page");
    private static final List<String> COMPARISONS = List.of(
            "",
            "",
            "",
            "",
            "__contains",
            "__icontains",
            "__startswith",
            "__iendswith",
            "__regex",
            "__nothing",
            "__",
            "[]");
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "true",
            "False",
            "null",
            "default",
            "all",
            "projects",
            "-1",
            "99999999999999999999",
            "1.5",
            "lt:2026-01-01T00:00:00Z",
            "gt:0001-01-01T00:00:00Z",
            "neq:+999999999-12-31T23:59:59Z",
            "eq:",
            "2026-13-45T99:99:99",
            "a,b,,c",
            "(",
            "[",
            ".*",
            "%",
            "_",
            "\\",
            "'",
            "\"",
            "..",
            "../../etc",
            "a/b",
            "x;y=z",
            "\u0000",
            "a\u0000b",
            "\n",
            "\t",
            " ",
            "\u00fc",
            "\ud83d\ude00",
            "\uffff",
            "\u202e");
    private static final List<Integer> LENGTHS = List.of(1, 1, 1, 1, 2, 64, 65, 256, 3_000);
    /** What is no character in any encoding. */
    private static final List<String> RAW =
            List.of("%ff", "%c3%28", "%ed%a0%80", "%f8%88%80%80%80", "%00", "%2f", "%2e%2e");

    @TempDir
    Path keys;

    private final Random random = new Random(SEED);
    private CountingTransactions transactions;
    private KeystoneServer cloud;
    private List<String> tokens;

    @BeforeEach
    void start(Database database) {
        transactions = new CountingTransactions(database);
        cloud = new KeystoneServer(transactions, keys, MutableClock.fixed());
        String admin = cloud.admin();
        cloud.put(
                admin,
                "/v3/domains/default/users/"
                        + cloud.get(admin, "/v3/users?name=admin")
                                .each("users", "id")
                                .getFirst() + "/roles/"
                        + cloud.role(admin, "admin"),
                null);
        String ofDomain =
                cloud.token("admin", KeystoneServer.ADMIN_PASSWORD, Map.of("domain", Map.of("id", "default")));
        tokens = List.of(admin, cloud.systemAdmin(), ofDomain);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String hostile() {
        return random.nextInt(10) == 0
                ? pick(RAW)
                : URLEncoder.encode(pick(VALUES).repeat(pick(LENGTHS)), StandardCharsets.UTF_8);
    }

    /** A space in a path is no plus. */
    private String path(Route route) {
        Matcher parameter = PARAMETER.matcher(route.path());
        return parameter.replaceAll(found -> {
            String value = random.nextInt(4) == 0 ? "default" : hostile();
            return Matcher.quoteReplacement(value.isEmpty() ? "x" : value.replace("+", "%20"));
        });
    }

    private String query() {
        List<String> pairs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = random.nextInt(12) == 0
                    ? hostile()
                    : pick(List.of(pick(NAMES).split(",")));
            pairs.add(
                    name + pick(COMPARISONS).replace("[]", "%5B%5D") + (random.nextInt(8) == 0 ? "" : "=" + hostile()));
        }
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }

    @Test
    void whateverIsAskedForNothingFailsOrChanges() {
        // A cloud that signs no assertions has none to show, which is 500 as in the original.
        List<Route> routes = cloud.keystone.service().routes().stream()
                .filter(route -> !route.path().equals("/v3/OS-FEDERATION/saml2/metadata"))
                .toList();
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < REQUESTS && wrong.size() < SHOWN; i++) {
            Route route = routes.get(i % routes.size());
            String address = path(route) + query();
            String token = pick(tokens);
            List<Answer> answers = new ArrayList<>();
            CountingTransactions.Work work = transactions.during(() -> answers.add(
                    cloud.sendAfterBad(route.method(), address, token, null, Map.of("X-Subject-Token", token))));
            int status = answers.getFirst().status();
            statuses.merge(status, 1, Integer::sum);
            boolean asks = route.method().equals("GET") && !route.path().contains("OS-FEDERATION");
            if (status >= 500 || ((asks || status >= 400) && work.writes() > 0)) {
                wrong.add(route.method() + " " + address.substring(0, Math.min(300, address.length())) + " " + status
                        + " " + work);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(statuses.keySet()).contains(200, 400, 404);
        assertThat(cloud.get(cloud.admin(), "/v3/users").status()).isEqualTo(200);
    }
}
