package io.nacre.glance;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.contracts.peer.Identity;
import io.nacre.contracts.peer.Images;
import io.nacre.glance.cache.CacheApi;
import io.nacre.glance.cache.ImageCache;
import io.nacre.glance.cache.Prefetcher;
import io.nacre.glance.data.CopiesApi;
import io.nacre.glance.data.DataApi;
import io.nacre.glance.data.DataCleanup;
import io.nacre.glance.data.Downloads;
import io.nacre.glance.data.Ground;
import io.nacre.glance.data.ImageCopy;
import io.nacre.glance.data.ImageDelete;
import io.nacre.glance.data.ImageImport;
import io.nacre.glance.data.ImagePlaces;
import io.nacre.glance.data.ImportApi;
import io.nacre.glance.data.LegacyImportApi;
import io.nacre.glance.data.LocationApi;
import io.nacre.glance.data.LocationImport;
import io.nacre.glance.data.LocationStore;
import io.nacre.glance.data.Uploads;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageApi;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.image.PropertyProtection;
import io.nacre.glance.image.UnifiedLimits;
import io.nacre.glance.info.InfoApi;
import io.nacre.glance.member.MemberApi;
import io.nacre.glance.member.MemberStore;
import io.nacre.glance.metadef.MetadefPolicy;
import io.nacre.glance.metadef.Metadefs;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.glance.signature.Signatures;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTasks;
import io.nacre.glance.task.TaskApi;
import io.nacre.glance.version.VersionApi;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The image service, wired. The resources stand below in the order of the API reference. */
public final class Glance {
    /** Where the migrations are; those of tasks and quotas are needed too. */
    public static final String MIGRATIONS = "db/glance";

    private final Service service;
    private final Images peer;
    private final Metadefs metadefs;
    private final List<Saga<?>> sagas;
    private final List<Reconciler> reconcilers;

    /**
     * Where this service is.
     *
     * @param endpoint base URL by which node agents reach it
     * @param region as in the catalog
     */
    public record Site(URI endpoint, String region) {}

    /**
     * @param site where this service is
     * @param identity who knows tokens, other regions and limits
     */
    public Glance(
            Transactions transactions,
            Tasks tasks,
            GlanceConfig config,
            Overrides policyOverrides,
            Ids ids,
            InstantSource clock,
            Site site,
            Identity identity) {
        PropertyProtection properties = PropertyProtection.of(config.propertyProtection());
        Policy policy = new Policy(
                Stream.of(GlancePolicy.rules(), MetadefPolicy.rules(), properties.rules())
                        .flatMap(List::stream)
                        .toList(),
                policyOverrides,
                "You are not authorized to complete RULE action.",
                clock);
        Stores stores = Stores.open(config.store(), config.defaultStore(), config.storeDirectory());
        ImageStore images = new ImageStore(names -> stores.byWeight(names, name -> name));
        LocationStore locations = new LocationStore();
        ImageQuotas quotas = new ImageQuotas(
                config,
                config.useKeystoneLimits()
                        ? Optional.of(new UnifiedLimits(identity, site.region()))
                        : Optional.empty());
        Clockwork clockwork = new Clockwork(ids, clock);
        ImageAccess access = new ImageAccess(policy, images, properties);
        ImageDelete deletion = new ImageDelete(images, locations, stores, tasks, quotas, clock);

        ImageTasks imageTasks =
                new ImageTasks(transactions, clockwork, config.imports().taskTimeToLive());
        Signatures signatures = new Signatures(config.signatures(), identity::serviceToken);
        Ground ground =
                new Ground(transactions, images, locations, stores, tasks, quotas, signatures, config, clockwork);
        Uploads uploads = new Uploads(ground, access);
        ImageImport imports = new ImageImport(ground, imageTasks, identity);
        ImageCopy copying = new ImageCopy(ground, imageTasks);
        LocationImport locating = new LocationImport(ground, imageTasks);

        ImageCache cache = ImageCache.open(config.cache(), clock);
        Downloads downloads = new Downloads(transactions, locations, stores, cache);
        Prefetcher prefetcher = new Prefetcher(transactions, images, cache, downloads::source, config.cache(), clock);

        ImagePlaces places = new ImagePlaces(transactions, access, locations, stores, quotas, config, clockwork);

        this.metadefs = new Metadefs(transactions, policy, clockwork);
        ImageApi imageApi = new ImageApi(transactions, images, access, quotas, config, stores, clockwork, places);
        List<Route> routes = Stream.of(
                        new VersionApi(cache != null).routes(),
                        imageApi.routes(),
                        new DataApi(transactions, access, locations, downloads, uploads, deletion, config).routes(),
                        new ImportApi(transactions, access, imports, copying, stores, config).routes(),
                        new LocationApi(transactions, access, locations, locating, places, stores).routes(),
                        new TaskApi(transactions, imageTasks, access, clockwork).routes(),
                        new LegacyImportApi(transactions, imageApi, imports, imageTasks, stores).routes(),
                        new CopiesApi(transactions, access, images, locations, stores, clock).routes(),
                        new CacheApi(transactions, access, cache, prefetcher).routes(),
                        new MemberApi(transactions, access, new MemberStore(), config, clock).routes(),
                        new SchemaApi().routes(),
                        new InfoApi(transactions, quotas, config, stores).routes(),
                        metadefs.routes())
                .flatMap(List::stream)
                .toList();
        this.service = new Service(
                "glance", Bodiless.strict(routes), policy, new GlanceErrors(), null, null, true, VersionApi.PATHS);
        this.peer = new GlancePeer(transactions, images, access, site.endpoint(), identity::serviceToken);
        this.sagas = List.of(deletion.saga(), imports.saga(), copying.saga(), locating.saga());
        this.reconcilers = List.of(
                new DataCleanup(transactions, images, locations, stores, tasks, config, clock), imageTasks, prefetcher);
    }

    /** Makes what a cloud has from the start and its operator may change: the standard metadata definitions. */
    public void bootstrap() {
        metadefs.loadStandard();
    }

    public Service service() {
        return service;
    }

    /** What other services may ask of it. */
    public Images peer() {
        return peer;
    }

    /** For the task engine to know. */
    public List<Saga<?>> sagas() {
        return sagas;
    }

    public List<Reconciler> reconcilers() {
        return reconcilers;
    }
}
