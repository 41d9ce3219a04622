package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Images with their custom properties and tags. A deleted image stays as a row, so that its id is not used again. */
public final class ImageStore {
    /** What most operations say when there is no such image. */
    static final String MISSING = "No image found with ID %s";

    private static final Columns IMAGE = Columns.of("glance_image");
    static final Table<Record> IMAGES = IMAGE.table();
    static final Field<String> ID = IMAGE.text("id");
    private static final Field<Long> GENERATION = IMAGE.number("generation");
    static final Field<String> STATUS = IMAGE.text("status");
    static final Field<String> VISIBILITY = IMAGE.text("visibility");
    static final Field<String> OWNER = IMAGE.text("owner");
    static final Field<String> NAME = IMAGE.text("name");
    static final Field<String> DISK_FORMAT = IMAGE.text("disk_format");
    static final Field<String> CONTAINER_FORMAT = IMAGE.text("container_format");
    static final Field<Integer> MIN_DISK = IMAGE.integer("min_disk");
    static final Field<Integer> MIN_RAM = IMAGE.integer("min_ram");
    static final Field<Boolean> PROTECTED = IMAGE.bool("protected");
    static final Field<Boolean> HIDDEN = IMAGE.bool("os_hidden");
    static final Field<Long> SIZE = IMAGE.number("size");
    static final Field<Long> VIRTUAL_SIZE = IMAGE.number("virtual_size");
    static final Field<String> CHECKSUM = IMAGE.text("checksum");
    static final Field<String> HASH_ALGO = IMAGE.text("os_hash_algo");
    static final Field<String> HASH = IMAGE.text("os_hash_value");
    static final Field<Instant> CREATED_AT = IMAGE.instant("created_at");
    static final Field<Instant> UPDATED_AT = IMAGE.instant("updated_at");
    static final Field<Instant> DELETED_AT = IMAGE.instant("deleted_at");

    private static final Columns PROPERTY = Columns.of("glance_image_property");
    static final Table<Record> PROPERTIES = PROPERTY.table();
    static final Field<String> PROPERTY_IMAGE = PROPERTY.text("image_id");
    static final Field<String> PROPERTY_NAME = PROPERTY.text("name");
    static final Field<String> PROPERTY_VALUE = PROPERTY.text("value");

    private static final Columns TAG = Columns.of("glance_image_tag");
    static final Table<Record> TAGS = TAG.table();
    static final Field<String> TAG_IMAGE = TAG.text("image_id");
    static final Field<String> TAG_VALUE = TAG.text("tag");

    private static final Columns LOCATION = Columns.of("glance_location");
    private static final Field<String> LOCATION_IMAGE = LOCATION.text("image_id");
    private static final Field<String> LOCATION_STORE = LOCATION.text("store");
    private static final Field<String> LOCATION_STATUS = LOCATION.text("status");
    private static final Field<String> LOCATION_KEY = LOCATION.text("data_key");
    private static final Field<Instant> LOCATION_SINCE = LOCATION.instant("touched_at");

    private static final Columns SHARE = Columns.of("glance_image_member");
    static final Table<Record> SHARES = SHARE.table();
    static final Field<String> SHARE_IMAGE = SHARE.text("image_id");
    static final Field<String> SHARE_MEMBER = SHARE.text("member");
    static final Field<String> SHARE_STATUS = SHARE.text("status");

    private static final Paging PAGING = Paging.of(IMAGE, ID)
            .key("name", NAME)
            .key("status", STATUS)
            .key("container_format", CONTAINER_FORMAT)
            .key("disk_format", DISK_FORMAT)
            .key("size", SIZE)
            .key("created_at", CREATED_AT)
            .key("updated_at", UPDATED_AT)
            .ordered("created_at", false);

    private final UnaryOperator<List<String>> storeOrder;

    /** Shows the stores of an image in the order in which they got its data. */
    public ImageStore() {
        this(UnaryOperator.identity());
    }

    /** @param storeOrder puts the names of stores in the order in which they are shown */
    public ImageStore(UnaryOperator<List<String>> storeOrder) {
        this.storeOrder = storeOrder;
    }

    List<Image> list(Tx tx, ImageFilter filter, Page page) {
        Condition visible = ImageConditions.visible(filter);
        Result<Record> rows = PAGING.fetch(
                tx,
                Sql.in(tx)
                        .select(IMAGE.all())
                        .from(IMAGE.table())
                        .where(DELETED_AT.isNull())
                        .and(visible)
                        .and(ImageConditions.matching(filter)),
                page,
                DELETED_AT.isNull().and(visible));
        return complete(tx, rows);
    }

    public Optional<Image> find(Tx tx, String id) {
        Result<Record> rows = Sql.in(tx)
                .select(IMAGE.all())
                .from(IMAGE.table())
                .where(ID.eq(id))
                .and(DELETED_AT.isNull())
                .fetch();
        return complete(tx, rows).stream().findFirst();
    }

    public Image require(Tx tx, String id) {
        return require(tx, id, MISSING);
    }

    /** @param missing what is said when there is no such image, with a place for its id */
    Image require(Tx tx, String id, String missing) {
        return find(tx, id).orElseThrow(() -> notFound(id, missing));
    }

    static RuntimeException notFound(String id, String missing) {
        return Fault.notFound(missing.replace("%s", id));
    }

    /** Faults with CONFLICT when the id is taken, also by an image that was deleted. */
    void create(Tx tx, Image image) {
        if (Sql.in(tx).fetchExists(IMAGE.table(), ID.eq(image.id()))) {
            throw Fault.conflict("Image ID " + image.id() + " already exists!");
        }
        Map<Field<?>, @Nullable Object> row = row(image, image.createdAt());
        row.put(ID, image.id());
        row.put(GENERATION, image.generation());
        row.put(CREATED_AT, image.createdAt());
        Sql.in(tx).insertInto(IMAGE.table()).set(row).execute();
        addChildren(tx, image);
    }

    /** Writes the image as it should be now; starts over when somebody changed it since it was read. */
    public void save(Tx tx, Image image, Instant now) {
        Map<Field<?>, @Nullable Object> row = row(image, now);
        row.put(GENERATION, image.generation() + 1);
        if (image.state() == ImageState.DELETED) {
            row.put(DELETED_AT, now);
        }
        int changed = Sql.in(tx)
                .update(IMAGE.table())
                .set(row)
                .where(ID.eq(image.id()).and(GENERATION.eq(image.generation())))
                .execute();
        Sql.one(changed, "image " + image.id());
        Sql.in(tx)
                .deleteFrom(PROPERTY.table())
                .where(PROPERTY_IMAGE.eq(image.id()))
                .execute();
        Sql.in(tx).deleteFrom(TAG.table()).where(TAG_IMAGE.eq(image.id())).execute();
        addChildren(tx, image);
    }

    /** Whether the image was shared with the project, whatever the project said to it. */
    boolean isSharedWith(Tx tx, String imageId, String project) {
        return Sql.in(tx).fetchExists(SHARE.table(), SHARE_IMAGE.eq(imageId).and(SHARE_MEMBER.eq(project)));
    }

    /** Images in a state that somebody must be working on, and that were not changed since. */
    public List<Image> resting(Tx tx, ImageState state, Instant since) {
        return complete(
                tx,
                Sql.in(tx)
                        .select(IMAGE.all())
                        .from(IMAGE.table())
                        .where(STATUS.eq(state.wire()))
                        .and(UPDATED_AT.lt(since))
                        .and(DELETED_AT.isNull())
                        .fetch());
    }

    private static Map<Field<?>, @Nullable Object> row(Image image, Instant now) {
        Map<Field<?>, @Nullable Object> row = new HashMap<>();
        row.put(STATUS, image.state().wire());
        row.put(VISIBILITY, image.visibility());
        row.put(OWNER, image.owner());
        row.put(NAME, image.attributes().name());
        row.put(DISK_FORMAT, image.attributes().diskFormat());
        row.put(CONTAINER_FORMAT, image.attributes().containerFormat());
        row.put(MIN_DISK, image.attributes().minDisk());
        row.put(MIN_RAM, image.attributes().minRam());
        row.put(PROTECTED, image.attributes().guarded());
        row.put(HIDDEN, image.attributes().hidden());
        row.put(SIZE, image.data().size());
        row.put(VIRTUAL_SIZE, image.data().virtualSize());
        row.put(CHECKSUM, image.data().checksum());
        row.put(HASH_ALGO, image.data().hashAlgo());
        row.put(HASH, image.data().hash());
        row.put(UPDATED_AT, now);
        return row;
    }

    private static void addChildren(Tx tx, Image image) {
        image.properties()
                .forEach((name, value) -> Sql.in(tx)
                        .insertInto(PROPERTY.table())
                        .set(PROPERTY_IMAGE, image.id())
                        .set(PROPERTY_NAME, name)
                        .set(PROPERTY_VALUE, value)
                        .execute());
        for (String tag : image.tags()) {
            Sql.in(tx)
                    .insertInto(TAG.table())
                    .set(TAG_IMAGE, image.id())
                    .set(TAG_VALUE, tag)
                    .execute();
        }
    }

    /** Reads the children of all rows with one query for each kind. */
    private List<Image> complete(Tx tx, Result<Record> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Collection<String> ids = rows.getValues(ID);
        Map<String, Map<String, String>> properties = new HashMap<>();
        Sql.in(tx)
                .select(PROPERTY.all())
                .from(PROPERTY.table())
                .where(PROPERTY_IMAGE.in(ids))
                .forEach(row -> properties
                        .computeIfAbsent(row.get(PROPERTY_IMAGE), id -> new TreeMap<>())
                        .put(row.get(PROPERTY_NAME), row.get(PROPERTY_VALUE)));
        Map<String, Set<String>> tags = new HashMap<>();
        Sql.in(tx)
                .select(TAG.all())
                .from(TAG.table())
                .where(TAG_IMAGE.in(ids))
                .forEach(row -> tags.computeIfAbsent(row.get(TAG_IMAGE), id -> new TreeSet<>())
                        .add(row.get(TAG_VALUE)));
        Map<String, List<String>> stores = new HashMap<>();
        Sql.in(tx)
                .select(LOCATION_IMAGE, LOCATION_STORE)
                .from(LOCATION.table())
                .where(LOCATION_IMAGE.in(ids))
                .and(LOCATION_STATUS.eq("ACTIVE"))
                .orderBy(LOCATION_SINCE, LOCATION_KEY)
                .forEach(row -> stores.computeIfAbsent(row.get(LOCATION_IMAGE), id -> new ArrayList<>(1))
                        .add(row.get(LOCATION_STORE)));
        return rows.map(row -> {
            String id = row.get(ID);
            return image(
                    row,
                    properties.getOrDefault(id, Map.of()),
                    tags.getOrDefault(id, Set.of()),
                    storeOrder.apply(stores.getOrDefault(id, List.of())));
        });
    }

    private static Image image(Record row, Map<String, String> properties, Set<String> tags, List<String> stores) {
        return new Image(
                row.get(ID),
                row.get(GENERATION),
                ImageState.valueOf(row.get(STATUS).toUpperCase(Locale.ROOT)),
                row.get(VISIBILITY),
                row.get(OWNER),
                new Image.Attributes(
                        row.get(NAME),
                        row.get(DISK_FORMAT),
                        row.get(CONTAINER_FORMAT),
                        row.get(MIN_DISK),
                        row.get(MIN_RAM),
                        row.get(PROTECTED),
                        row.get(HIDDEN)),
                new Image.Data(
                        row.get(SIZE), row.get(VIRTUAL_SIZE), row.get(CHECKSUM), row.get(HASH_ALGO), row.get(HASH)),
                properties,
                tags,
                stores,
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
