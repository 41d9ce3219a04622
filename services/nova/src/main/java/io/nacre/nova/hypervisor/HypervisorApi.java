package io.nacre.nova.hypervisor;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Paging;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.View;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** API reference "Hypervisors". */
public final class HypervisorApi {
    private static final PolicyRule LIST = NovaPolicy.admin("os-hypervisors:list");
    private static final PolicyRule DETAIL = NovaPolicy.admin("os-hypervisors:list-detail");
    private static final PolicyRule STATISTICS = NovaPolicy.admin("os-hypervisors:statistics");
    private static final PolicyRule SHOW = NovaPolicy.admin("os-hypervisors:show");
    private static final PolicyRule UPTIME = NovaPolicy.admin("os-hypervisors:uptime");
    private static final PolicyRule SEARCH = NovaPolicy.admin("os-hypervisors:search");
    private static final PolicyRule SERVERS = NovaPolicy.admin("os-hypervisors:servers");

    private static final int PAGED_SINCE = 33;
    private static final int UUID_SINCE = 53;
    /** The last version that tells of resources, which are placement's to tell. */
    private static final int RESOURCES_UNTIL = 87;

    private static final int MAX_LIMIT = 1000;

    private static final View<Hypervisor> BRIEF = brief();
    private static final View<Hypervisor> FULL = brief().field(
                    "hypervisor_type", one -> one.report().hypervisorType())
            .field("hypervisor_version", one -> one.report().hypervisorVersion())
            .field("host_ip", one -> one.report().hostIp())
            .field("service", 0, UUID_SINCE - 1, one -> one.service(false))
            .field("service", UUID_SINCE, one -> one.service(true))
            .field("cpu_info", 0, 27, Hypervisor::cpuText)
            .field("cpu_info", 28, RESOURCES_UNTIL, one -> one.report().cpu())
            .field("vcpus", 0, RESOURCES_UNTIL, one -> one.report().vcpus())
            .field("vcpus_used", 0, RESOURCES_UNTIL, one -> one.used().vcpus())
            .field("memory_mb", 0, RESOURCES_UNTIL, one -> one.report().memoryMiB())
            .field("memory_mb_used", 0, RESOURCES_UNTIL, Hypervisor::memoryUsed)
            .field("free_ram_mb", 0, RESOURCES_UNTIL, one -> one.report().memoryMiB() - one.memoryUsed())
            .field("local_gb", 0, RESOURCES_UNTIL, one -> one.report().diskGiB())
            .field("local_gb_used", 0, RESOURCES_UNTIL, one -> one.used().diskGiB())
            .field(
                    "free_disk_gb",
                    0,
                    RESOURCES_UNTIL,
                    one -> one.report().diskGiB() - one.used().diskGiB())
            .field(
                    "disk_available_least",
                    0,
                    RESOURCES_UNTIL,
                    one -> one.report().diskFreeGiB())
            .field("current_workload", 0, RESOURCES_UNTIL, one -> 0)
            .field("running_vms", 0, RESOURCES_UNTIL, one -> one.used().servers())
            .field("uptime", RESOURCES_UNTIL + 1, Hypervisor::uptime);

    private final Transactions transactions;
    private final HostStore hosts;
    private final ServerStore servers;
    private final InstantSource clock;

    public HypervisorApi(Transactions transactions, HostStore hosts, ServerStore servers, InstantSource clock) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.servers = servers;
        this.clock = clock;
    }

    private static View<Hypervisor> brief() {
        return new View<Hypervisor>()
                .field("id", 0, UUID_SINCE - 1, one -> one.host().number())
                .field("id", UUID_SINCE, one -> one.host().id())
                .field("hypervisor_hostname", one -> one.host().hypervisorHostname())
                .field("state", Hypervisor::state)
                .field("status", Hypervisor::status);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/os-hypervisors").policy(LIST).to(request -> list(request, BRIEF)),
                Route.get("/os-hypervisors/detail").policy(DETAIL).to(request -> list(request, FULL)),
                Route.get("/os-hypervisors/statistics")
                        .policy(STATISTICS)
                        .until(RESOURCES_UNTIL)
                        .to(this::statistics),
                Route.get("/os-hypervisors/{id}").policy(SHOW).to(this::show),
                Route.get("/os-hypervisors/{id}/uptime")
                        .policy(UPTIME)
                        .until(RESOURCES_UNTIL)
                        .to(this::uptime),
                Route.get("/os-hypervisors/{id}/search")
                        .policy(SEARCH)
                        .until(UUID_SINCE - 1)
                        .to(this::search),
                Route.get("/os-hypervisors/{id}/servers")
                        .policy(SERVERS)
                        .until(UUID_SINCE - 1)
                        .to(this::servers));
    }

    private Response list(Request request, View<Hypervisor> view) {
        int minor = request.minor();
        String pattern = minor >= UUID_SINCE ? request.query().get("hypervisor_hostname_pattern") : null;
        Page page = minor >= PAGED_SINCE ? Paging.of(request, MAX_LIMIT, List.of()) : Page.ALL;
        List<Hypervisor> found = after(matching(pattern, withServers(request)), page, minor);
        if (pattern != null && found.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "hypervisors", found.stream().map(one -> view(view, one, minor)).toList());
        String next = minor >= PAGED_SINCE && pattern == null
                ? Paging.next(request, page, found, one -> id(one, minor))
                : null;
        if (next != null) {
            body.put("hypervisors_links", List.of(Map.of("rel", "next", "href", next)));
        }
        return Response.json(200, body);
    }

    private static boolean withServers(Request request) {
        return request.minor() >= UUID_SINCE
                && Boolean.TRUE.equals(request.query().bool("with_servers"));
    }

    private List<Hypervisor> matching(@Nullable String pattern, boolean withServers) {
        Instant now = clock.instant();
        return transactions.read(tx -> {
            List<ComputeHost> wanted = hosts.all(tx).stream()
                    .filter(host -> pattern == null || host.hypervisorHostname().contains(pattern))
                    .toList();
            Map<String, ServerStore.Sum> sums =
                    servers.sumByHost(tx, wanted.stream().map(ComputeHost::host).toList());
            return wanted.stream()
                    .map(host -> hypervisor(tx, host, sums, withServers, now))
                    .toList();
        });
    }

    private Hypervisor hypervisor(
            Tx tx, ComputeHost host, Map<String, ServerStore.Sum> sums, boolean withServers, Instant now) {
        return new Hypervisor(
                host,
                sums.getOrDefault(host.host(), ServerStore.Sum.NOTHING),
                withServers ? servers.onHost(tx, host.host()) : null,
                now);
    }

    private static List<Hypervisor> after(List<Hypervisor> all, Page page, int minor) {
        int first = 0;
        if (page.marker() != null) {
            first = all.stream().map(one -> id(one, minor)).toList().indexOf(page.marker()) + 1;
            if (first == 0) {
                throw Fault.invalid("marker [" + page.marker() + "] not found");
            }
        }
        return all.stream().skip(first).limit(page.limit()).toList();
    }

    private static String id(Hypervisor one, int minor) {
        return minor >= UUID_SINCE ? one.host().id() : Long.toString(one.host().number());
    }

    private static Map<String, @Nullable Object> view(View<Hypervisor> view, Hypervisor one, int minor) {
        Map<String, @Nullable Object> shown = view.show(one, minor);
        if (one.serverRefs() != null) {
            shown.put("servers", one.serverRefs());
        } else if (one.servers() != null && minor >= 75) {
            shown.put("servers", List.of());
        }
        return shown;
    }

    private Hypervisor require(Request request) {
        String id = request.param("id");
        return matching(null, withServers(request)).stream()
                .filter(one -> id.equals(id(one, request.minor())))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Hypervisor with ID '" + id + "' could not be found."));
    }

    private Response show(Request request) {
        return Response.json(200, "hypervisor", view(FULL, require(request), request.minor()));
    }

    private Response uptime(Request request) {
        Hypervisor one = require(request);
        Map<String, @Nullable Object> shown = BRIEF.show(one, request.minor());
        shown.put("uptime", one.uptime());
        return Response.json(200, "hypervisor", shown);
    }

    private Response search(Request request) {
        return Response.json(
                200,
                "hypervisors",
                named(request, false).stream()
                        .map(one -> BRIEF.show(one, request.minor()))
                        .toList());
    }

    private Response servers(Request request) {
        return Response.json(
                200,
                "hypervisors",
                named(request, true).stream()
                        .map(one -> view(BRIEF, one, request.minor()))
                        .toList());
    }

    /** Before 2.53 the last part of the path is a part of the name. */
    private List<Hypervisor> named(Request request, boolean withServers) {
        String pattern = request.param("id");
        List<Hypervisor> found = matching(pattern, withServers);
        if (found.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        return found;
    }

    private Response statistics(Request request) {
        List<Hypervisor> all = matching(null, false);
        Map<String, Object> sums = new LinkedHashMap<>();
        sums.put("count", all.size());
        sums.put("vcpus", sum(all, one -> one.report().vcpus()));
        sums.put("vcpus_used", sum(all, one -> one.used().vcpus()));
        sums.put("memory_mb", sum(all, one -> one.report().memoryMiB()));
        sums.put("memory_mb_used", sum(all, Hypervisor::memoryUsed));
        sums.put("free_ram_mb", sum(all, one -> one.report().memoryMiB() - one.memoryUsed()));
        sums.put("local_gb", sum(all, one -> one.report().diskGiB()));
        sums.put("local_gb_used", sum(all, one -> one.used().diskGiB()));
        sums.put(
                "free_disk_gb",
                sum(all, one -> one.report().diskGiB() - one.used().diskGiB()));
        sums.put("disk_available_least", sum(all, one -> one.report().diskFreeGiB()));
        sums.put("current_workload", 0);
        sums.put("running_vms", sum(all, one -> one.used().servers()));
        return Response.json(200, "hypervisor_statistics", sums);
    }

    private static long sum(List<Hypervisor> all, ToLongFunction<Hypervisor> value) {
        return all.stream().mapToLong(value).sum();
    }
}
