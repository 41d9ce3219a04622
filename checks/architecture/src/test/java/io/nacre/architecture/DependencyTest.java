package io.nacre.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom. The poms keep modules apart; this keeps the layers inside them apart. */
class DependencyTest {
    private static final String[] SERVICES = {
        "io.nacre.keystone..", "io.nacre.glance..", "io.nacre.placement..", "io.nacre.nova..", "io.nacre.neutron.."
    };
    private static final String[] NODES = {"io.nacre.agent..", "io.nacre.compute..", "io.nacre.network.."};
    private static final String[] KIT = {
        "io.nacre.base..",
        "io.nacre.config..",
        "io.nacre.http..",
        "io.nacre.database..",
        "io.nacre.bus..",
        "io.nacre.cache..",
        "io.nacre.policy..",
        "io.nacre.quota..",
        "io.nacre.tasks.."
    };

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.nacre");
    }

    @Test
    void theKitKnowsNothingOfOpenStack() {
        noClasses()
                .that(resideInAnyPackage(KIT))
                .should()
                .dependOnClassesThat(resideInAnyPackage(SERVICES)
                        .or(resideInAnyPackage(NODES))
                        .or(resideInAPackage("io.nacre.contracts..")))
                .check(all);
    }

    @Test
    void servicesNeverSeeNodesNorNodesServices() {
        noClasses()
                .that(resideInAnyPackage(SERVICES))
                .should()
                .dependOnClassesThat(resideInAnyPackage(NODES))
                .check(all);
        noClasses()
                .that(resideInAnyPackage(NODES))
                .should()
                .dependOnClassesThat(resideInAnyPackage(SERVICES))
                .check(all);
    }

    @Test
    void servicesNeverSeeEachOther() {
        for (String service : SERVICES) {
            String[] others = java.util.Arrays.stream(SERVICES)
                    .filter(other -> !other.equals(service))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(service)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others))
                    .allowEmptyShould(true)
                    .check(all);
        }
    }

    @Test
    void onlyStoresKnowTheDatabase() {
        classes()
                .that(resideInAPackage("io.nacre.database..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith(
                                        "Database"))))
                .should()
                .onlyHaveDependentClassesThat(resideInAnyPackage(
                                "io.nacre.database..", "io.nacre.tasks..", "io.nacre.quota..", "io.nacre.testkit..")
                        .or(com.tngtech.archunit.base.DescribedPredicate.describe(
                                "are stores",
                                type -> type.getName().replaceFirst("\\$.*", "").endsWith("Store"))))
                .check(all);
    }

    @Test
    void theSchedulerIsAPureFunction() {
        noClasses()
                .that()
                .resideInAnyPackage("io.nacre.nova.scheduler..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.nacre.database..", "io.nacre.http..", "io.nacre.bus.."))
                .allowEmptyShould(true)
                .check(all);
    }

    @Test
    void nodesNeverSeeTheDatabaseNorTheWire() {
        noClasses()
                .that(resideInAnyPackage(NODES))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.nacre.database..", "io.nacre.http..", "io.nacre.tasks.."))
                .check(all);
    }

    @Test
    void noModuleHasACycleAmongItsTopPackages() {
        slices().matching("io.nacre.(*)..").should().beFreeOfCycles().check(all);
    }
}
