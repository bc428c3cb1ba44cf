package brocker.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependencies of modules and packages, as {@code docs/architecture.md} has them. */
class ArchitectureTest {
    private static final Map<String, String> MODULES = Map.of(
            "brocker-spec", "brocker.spec",
            "brocker-kernel", "brocker.kernel",
            "brocker-runtime", "brocker.runtime",
            "brockerd", "brocker.daemon",
            "brocker-client", "brocker.client");

    private static final JavaClasses ALL = read();

    /** Every module is seen, with all of its classes but a few that may come and go. */
    @ParameterizedTest
    @CsvSource({"brocker.spec,56", "brocker.kernel,41", "brocker.runtime,42", "brocker.daemon,60", "brocker.client,35"})
    void everyModuleIsSeen(String top, int atLeast) {
        assertThat(within(top)).hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(ALL.stream().map(JavaClass::getPackageName)).allMatch(name -> MODULES.containsValue(top(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "brocker.spec,",
        "brocker.kernel,",
        "brocker.client,brocker.spec",
        "brocker.runtime,brocker.spec brocker.kernel",
        "brocker.daemon,brocker.spec brocker.kernel brocker.runtime"
    })
    void aModuleKnowsOnlyThoseBelowIt(String module, @org.jspecify.annotations.Nullable String below) {
        Set<String> allowed = Stream.concat(
                        Stream.of(module), below == null ? Stream.of() : Stream.of(below.split(" ", -1)))
                .collect(Collectors.toSet());
        noClasses()
                .that(in(module, 35))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "belong to a module of Brocker other than " + allowed,
                        (JavaClass other) -> other.getPackageName().startsWith("brocker.")
                                && !allowed.contains(top(other.getPackageName()))))
                .check(ALL);
    }

    @Test
    void onlyTheKernelModuleCallsForeignFunctions() {
        assertThat(ALL.stream()
                        .filter(seen -> seen.getDirectDependenciesFromSelf().stream()
                                .anyMatch(use ->
                                        use.getTargetClass().getPackageName().equals("java.lang.foreign"))))
                .as("classes that use java.lang.foreign")
                .hasSizeGreaterThanOrEqualTo(8);
        noClasses()
                .that(DescribedPredicate.not(in("brocker.kernel", 41)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "cgroup", "rootfs", "network", "privilege", "tree"})
    void thePartsOfARuntimeDoNotKnowEachOther(String part) {
        String[] others = Stream.of("process", "cgroup", "rootfs", "network", "privilege", "tree")
                .filter(other -> !other.equals(part))
                .map(other -> "brocker.runtime." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that(in("brocker.runtime." + part, 3))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(ALL);
    }

    @Test
    void aPartOfTheRuntimeDoesNotKnowItsParent() {
        noClasses()
                .that(in("brocker.runtime", 42))
                .and()
                .resideOutsideOfPackage("brocker.runtime")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("brocker.runtime")
                .check(ALL);
    }

    /** The heart of the daemon, from the ground up. */
    @ParameterizedTest
    @CsvSource({
        "record,7,",
        "turn,4,record",
        "event,3,record",
        "plan,4,record turn",
        "health,6,",
        "allocation,6,record",
        "port,15,record event",
        "fault,1,record turn event port",
        "file,5,record turn event health port fault",
        "linux,4,record turn event health port fault file",
        "orchestrator,25,record turn event plan health allocation port fault file"
    })
    void aFloorOfTheDaemonKnowsOnlyThoseBelowIt(
            String floor, int atLeast, @org.jspecify.annotations.Nullable String below) {
        Set<String> allowed = Stream.concat(
                        Stream.of(floor), below == null ? Stream.of() : Stream.of(below.split(" ", -1)))
                .map(name -> "brocker.daemon." + name)
                .collect(Collectors.toSet());
        noClasses()
                .that(in("brocker.daemon." + floor, atLeast))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of the daemon and not in " + allowed,
                        (JavaClass other) -> other.getPackageName().startsWith("brocker.daemon")
                                && !allowed.contains(other.getPackageName())))
                .check(ALL);
    }

    /** Of the runtime the orchestrator knows data; what works with the kernel stands behind a port. */
    @Test
    void theOrchestratorReachesTheKernelByPortsAlone() {
        noClasses()
                .that(in("brocker.daemon.orchestrator", 25))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("brocker.runtime.ContainerRuntime")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("brocker.runtime.RunningContainer")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("brocker.kernel.Linux")
                .check(ALL);
    }

    @Test
    void connectionsKnowNothingOfTheDaemon() {
        noClasses()
                .that(in("brocker.daemon.connection", 8))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of another package of the daemon",
                        (JavaClass other) -> other.getPackageName().startsWith("brocker.daemon")
                                && !other.getPackageName().equals("brocker.daemon.connection")))
                .check(ALL);
    }

    @ParameterizedTest
    @CsvSource({"api,8", "proxy,4", "names,8", "store,1", "check,1"})
    void whatSurroundsTheOrchestratorDoesNotKnowEachOther(String part, int atLeast) {
        String[] others = Stream.of("api", "proxy", "names", "store", "check")
                .filter(other -> !other.equals(part))
                .map(other -> "brocker.daemon." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that(in("brocker.daemon." + part, atLeast))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(ALL);
    }

    @Test
    void onlyTheStoreKnowsSql() {
        assertThat(in("brocker.daemon.store", 1)).isNotNull();
        noClasses()
                .that()
                .resideOutsideOfPackage("brocker.daemon.store")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql")
                .check(ALL);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        assertThat(packages()).hasSizeGreaterThanOrEqualTo(29);
        slices().matching("brocker.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void everyPackageSaysWhatItHoldsAndIsNullMarked() {
        for (String name : packages()) {
            assertThat(ALL.contain(name + ".package-info"))
                    .as("package-info of " + name)
                    .isTrue();
            assertThat(ALL.get(name + ".package-info").isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                    .as("@NullMarked on " + name)
                    .isTrue();
        }
    }

    private static Set<String> packages() {
        return ALL.stream()
                .filter(seen -> !seen.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
    }

    private static List<JavaClass> within(String top) {
        return ALL.stream()
                .filter(seen -> (seen.getPackageName() + ".").startsWith(top + "."))
                .toList();
    }

    /** The classes of a package and those below it, of which there are at least so many. */
    private static DescribedPredicate<JavaClass> in(String top, int atLeast) {
        assertThat(within(top)).as("classes in " + top).hasSizeGreaterThanOrEqualTo(atLeast);
        return DescribedPredicate.describe(
                "are in " + top, seen -> (seen.getPackageName() + ".").startsWith(top + "."));
    }

    private static String top(String packageName) {
        return Stream.of(packageName.split("\\.", -1)).limit(2).collect(Collectors.joining("."));
    }

    private static JavaClasses read() {
        List<Path> folders = MODULES.keySet().stream()
                .map(module -> Distribution.sources().resolve(module).resolve("target/classes"))
                .toList();
        folders.forEach(
                folder -> assertThat(folder).as("compiled by: make build").isDirectory());
        assertThat(Stream.of(Distribution.sources().toFile().listFiles())
                        .map(java.io.File::toPath)
                        .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                        .map(folder -> folder.getFileName().toString()))
                .as("modules with Java sources")
                .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
        return new ClassFileImporter().importPaths(folders);
    }
}
