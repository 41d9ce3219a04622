package io.nacre.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    enum VirtType {
        AUTO,
        KVM,
        SOFT_MMU
    }

    @Doc("How hosts are chosen.")
    record Scheduler(
            @Doc("How many hosts to consider.") int hostSubset,
            @Doc("Filters, in order.") List<String> filters) {}

    record Cell(String name, @Nullable Integer weight) {}

    @Doc("The compute service.")
    record Sample1(
            @Doc("What to run guests with.") VirtType virtType,

            @Doc("How long a start may take.\nBeyond that it has failed.")
            Duration startTimeout,

            @Doc("Where state lives.") Path state,
            @Doc("Upper limit of a request.") Bytes maxBody,
            @Doc("Share of processors.") double cpuRatio,
            @Doc("Upper limit of servers.") long maximum,
            @Doc("Whether to listen.") boolean enabled,
            @Doc("Where others find it.") @Nullable URI endpoint,
            @Doc("The database password.") Secret password,
            @Doc("The scheduler.") Scheduler scheduler,
            @Doc("Bridges of physical networks.") Map<String, String> bridges,
            @Doc("Cells.") List<Cell> cells) {
        Sample1 {
            if (cpuRatio <= 0) {
                throw new IllegalArgumentException("cpu_ratio must be positive");
            }
        }
    }

    private static final Sample1 DEFAULTS = new Sample1(
            VirtType.AUTO,
            Duration.ofSeconds(90),
            Path.of("/var/lib/nacre"),
            Bytes.ofMiB(1),
            4.0,
            5_000_000_000L,
            true,
            null,
            Secret.NONE,
            new Scheduler(1, List.of("a", "b")),
            Map.of("public", "br-ex"),
            List.of(new Cell("one", null)));

    @TempDir
    Path directory;

    private static Settings toml(String text) {
        return new Settings().text("test.toml", text);
    }

    private static List<String> problems(String toml) {
        return problems(toml(toml));
    }

    private static List<String> problems(Settings settings) {
        return catchThrowableOfType(InvalidSettings.class, () -> settings.section("nova", DEFAULTS))
                .problems();
    }

    @Test
    void withoutAnyFileTheDefaultsHold() {
        assertThat(new Settings().section("nova", DEFAULTS)).isEqualTo(DEFAULTS);
    }

    @Test
    void everyTypeIsReadAndTheRestKeepsItsDefault() {
        Sample1 read = toml("""
                [nova]
                virt_type = "soft_mmu"
                start_timeout = "1h30m"
                state = "/srv"
                max_body = "64 KiB"
                cpu_ratio = 2
                maximum = 7_000_000_000
                endpoint = "https://cloud.example/compute"
                password = "s3cret"
                bridges = { physnet1 = "br1" }
                cells = [ { name = "x", weight = 3 }, { name = "y" } ]
                [nova.scheduler]
                host_subset = 5
                """).section("nova", DEFAULTS);
        assertThat(read)
                .isEqualTo(new Sample1(
                        VirtType.SOFT_MMU,
                        Duration.ofMinutes(90),
                        Path.of("/srv"),
                        Bytes.ofKiB(64),
                        2.0,
                        7_000_000_000L,
                        true,
                        URI.create("https://cloud.example/compute"),
                        new Secret("s3cret"),
                        new Scheduler(5, List.of("a", "b")),
                        Map.of("physnet1", "br1"),
                        List.of(new Cell("x", 3), new Cell("y", null))));
    }

    @Test
    void laterLayersWinKeyByKey() throws Exception {
        Path first = Files.writeString(directory.resolve("a.toml"), """
                [nova]
                maximum = 1
                cpu_ratio = 1.5
                [nova.scheduler]
                host_subset = 2
                filters = ["x", "y"]
                """);
        Path second = Files.writeString(directory.resolve("b.toml"), """
                [nova]
                maximum = 2
                [nova.scheduler]
                filters = ["z"]
                """);
        Sample1 read = new Settings()
                .file(first)
                .file(second)
                .environment(Map.of(
                        "NACRE_NOVA__ENABLED",
                        "false",
                        "NACRE_HOME",
                        "/x",
                        "NOVA__MAXIMUM",
                        "9",
                        "NACRE_NOVA__MAXIMUM",
                        "3"))
                .override("nova.maximum=4")
                .override("nova.scheduler.filters=p, q")
                .section("nova", DEFAULTS);
        assertThat(read.maximum()).isEqualTo(4);
        assertThat(read.cpuRatio()).isEqualTo(1.5);
        assertThat(read.enabled()).isFalse();
        assertThat(read.scheduler()).isEqualTo(new Scheduler(2, List.of("p", "q")));
    }

    @Test
    void anOverrideIsReadAsItsOptionsType() {
        Sample1 read = new Settings()
                .override("nova.start_timeout=250ms")
                .override("nova.cpu_ratio=1.25")
                .override("nova.password=a=b,c")
                .override("nova.bridges.physnet1=br1")
                .override("nova.virt_type=kvm")
                .section("nova", DEFAULTS);
        assertThat(read.startTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(read.cpuRatio()).isEqualTo(1.25);
        assertThat(read.password().value()).isEqualTo("a=b,c");
        assertThat(read.bridges()).isEqualTo(Map.of("physnet1", "br1"));
        assertThat(read.virtType()).isEqualTo(VirtType.KVM);
        assertThat(problems(new Settings().override("nova.maximum=many")))
                .containsExactly(
                        "command line: section [nova], key 'maximum': expected a whole number, found \"many\"");
    }

    @Test
    void anOverrideOfAnotherFormIsRefusedWithoutShowingItsValue() {
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> new Settings().override("password=hunter2")))
                .hasMessage("override 'password' is not of the form section.key=value");
    }

    @Test
    void allProblemsOfASectionAreToldAtOnceWithFileSectionAndKey() {
        assertThat(problems("""
                        [nova]
                        maximum = "7"
                        enabled = "yes"
                        start_timeout = 30
                        max_body = "64 MB"
                        virt_type = "xen"
                        start_timout = "30s"
                        scheduler = { host_subset = 3_000_000_000, filters = "a" }
                        cells = [ { weight = 1 } ]
                        """))
                .containsExactlyInAnyOrder(
                        "test.toml: section [nova], key 'maximum': expected a whole number, found \"7\"",
                        "test.toml: section [nova], key 'enabled': expected true or false, found \"yes\"",
                        "test.toml: section [nova], key 'start_timeout': expected a duration with its unit, such as"
                                + " \"30s\", \"5m\" or \"1h30m\", found 30",
                        "test.toml: section [nova], key 'max_body': expected a size with its unit, such as"
                                + " \"64 MiB\", found \"64 MB\"",
                        "test.toml: section [nova], key 'virt_type': expected one of auto, kvm, soft_mmu, found"
                                + " \"xen\"",
                        "test.toml: section [nova], key 'start_timout': unknown key; known are: bridges, cells,"
                                + " cpu_ratio, enabled, endpoint, max_body, maximum, password, scheduler,"
                                + " start_timeout, state, virt_type",
                        "test.toml: section [nova], key 'scheduler.host_subset': expected a whole number of at most"
                                + " 32 bits, found 3000000000",
                        "test.toml: section [nova], key 'scheduler.filters': expected a list",
                        "test.toml: section [nova], key 'cells.0.name': is missing");
    }

    @Test
    void theRecordsOwnRulesAreToldAsProblems() {
        assertThat(problems("[nova]\ncpu_ratio = -1"))
                .containsExactly("test.toml: section [nova]: cpu_ratio must be positive");
    }

    @Test
    void theFileThatSetTheValueIsNamedNotTheLastOne() {
        Settings settings =
                new Settings().text("a.toml", "[nova]\nmaximum = true").text("b.toml", "[nova]\nenabled = true");
        assertThat(problems(settings))
                .containsExactly("a.toml: section [nova], key 'maximum': expected a whole number, found true");
    }

    @Test
    void aWrongSecretIsNotShown() {
        assertThat(problems("[nova]\npassword = 12345"))
                .containsExactly("test.toml: section [nova], key 'password': expected text");
        assertThat(new Secret("hunter2")).hasToString("(secret)");
    }

    @Test
    void brokenTomlNamesFileAndLine() {
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> toml("[nova]\nmaximum = = 3")))
                .hasMessageStartingWith("test.toml line 2: not valid TOML: ");
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> toml("[nova]\nmaximum = 3\nmaximum = 4")))
                .hasMessageStartingWith("test.toml line 3: not valid TOML: ");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        Path missing = directory.resolve("none.toml");
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> new Settings().file(missing)))
                .hasMessageStartingWith(missing + ": cannot be read");
    }

    @Test
    void sectionsThatNobodyAskedForAreRejected() {
        Settings settings = toml("colour = 1\n[nova]\n[nvoa]\nmaximum = 1");
        settings.section("nova", DEFAULTS);
        assertThat(catchThrowableOfType(InvalidSettings.class, settings::rejectUnknownSections)
                        .problems())
                .containsExactly(
                        "test.toml: key 'colour' stands outside of any section",
                        "test.toml: unknown section [nvoa]; known are: nova");
    }

    @Test
    void theSampleDocumentsEveryOptionAndItsValuesAreTheDefaults() {
        var sections = new LinkedHashMap<String, Record>();
        sections.put("nova", DEFAULTS);
        String sample = Sample.print(sections);
        assertThat(sample)
                .contains("# How long a start may take.\n# Beyond that it has failed.\n#start_timeout = \"1m30s\"\n")
                .contains("# One of auto, kvm, soft_mmu.\n#virt_type = \"auto\"\n")
                .contains("# Not set by default: endpoint\n")
                .contains("[nova.scheduler]\n# How hosts are chosen.\n");
        Settings untouched = toml(sample);
        assertThat(untouched.section("nova", DEFAULTS)).isEqualTo(DEFAULTS);

        var others = new Sample1(
                VirtType.KVM,
                Duration.ofSeconds(1),
                Path.of("/"),
                Bytes.ofGiB(3),
                9,
                1,
                false,
                null,
                Secret.NONE,
                new Scheduler(9, List.of()),
                Map.of(),
                List.of());
        assertThat(toml(sample.replaceAll("(?m)^#(?! )", "")).section("nova", others))
                .isEqualTo(DEFAULTS);
    }

    @Kinds(
            key = "driver",
            value = {
                @Kinds.Kind(name = "disk", options = Disk.class),
                @Kinds.Kind(name = "cloud", options = Cloud.class)
            })
    interface Shelf {}

    @Doc("On a disk.")
    record Disk(@Doc("Where.") Path folder, @Nullable Integer weight) implements Shelf {}

    @Doc("Elsewhere.")
    record Cloud(String bucket, Secret key) implements Shelf {}

    record Shelves(@Doc("Shelves by name.") Map<String, Shelf> shelf) {}

    private static final Shelves NO_SHELVES = new Shelves(Map.of());

    @Test
    void aTableIsWhatItsKeySays() {
        Shelves read = toml("""
                        [store.shelf.fast]
                        driver = "disk"
                        folder = "/fast"
                        [store.shelf.far]
                        driver = "cloud"
                        bucket = "b"
                        key = "hunter2"
                        """).override("store.shelf.fast.weight=7").section("store", NO_SHELVES);
        assertThat(read.shelf())
                .containsExactly(
                        Map.entry("fast", new Disk(Path.of("/fast"), 7)),
                        Map.entry("far", new Cloud("b", new Secret("hunter2"))));
    }

    @Test
    void aTableOfNoKnownKindIsAProblem() {
        Settings settings = toml("""
                        [store.shelf]
                        a = { folder = "/a" }
                        b = { driver = "tape" }
                        c = { driver = "disk", bucket = "b" }
                        d = 7
                        """);
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> settings.section("store", NO_SHELVES))
                        .problems())
                .containsExactly(
                        "test.toml: section [store], key 'shelf.a.driver': is missing, one of disk, cloud",
                        "test.toml: section [store], key 'shelf.b.driver': expected one of disk, cloud, found"
                                + " \"tape\"",
                        "test.toml: section [store], key 'shelf.c.folder': is missing",
                        "test.toml: section [store], key 'shelf.c.bucket': unknown key; known are: folder, weight",
                        "test.toml: section [store], key 'shelf.d': expected a table");
    }

    @Test
    void theSampleShowsATableOfEachKind() {
        assertThat(Sample.print(Map.of("store", NO_SHELVES))).contains("""
                        # Shelves by name.

                        # On a disk.
                        #[store.shelf.NAME]
                        #driver = "disk"
                        # Where.
                        #folder =
                        #weight =

                        # Elsewhere.
                        #[store.shelf.NAME]
                        #driver = "cloud"
                        #bucket =
                        #key =
                        """);
    }
}
