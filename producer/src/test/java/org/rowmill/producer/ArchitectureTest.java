package org.rowmill.producer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.time.format.DateTimeFormatter;
import java.util.Scanner;
import org.jspecify.annotations.NullMarked;

/**
 * Checks the dependencies between modules, between packages, and on libraries. All modules are on this module's test path.
 * {@link ArchitectureDrawingTest} checks the arrows between packages.
 */
@AnalyzeClasses(packages = "org.rowmill", importOptions = ArchitectureTest.NoTests.class)
final class ArchitectureTest {

    /** Leaves out test classes, also those of the store's test jar. */
    static final class NoTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
        }
    }

    /** Puts each class into one slice with the classes nested in it. */
    private enum TopLevelClass implements SliceAssignment {
        INSTANCE;

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getBaseComponentType().getName();
            return name.startsWith("org.rowmill.")
                    ? SliceIdentifier.of(name.replaceFirst("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each top-level class";
        }
    }

    private static final String TABLE = "org.rowmill.table..";
    private static final String SCHEMAS = "org.rowmill.schemas..";
    private static final String BROKER = "org.rowmill.broker..";
    private static final String CONSUMER = "org.rowmill.consumer..";
    private static final String MOUNTER = "org.rowmill.mounter..";
    private static final String PRODUCER = "org.rowmill.producer..";
    private static final String INFLIGHT = "org.rowmill.producer.inflight";
    private static final String STORE = "org.rowmill.store..";
    private static final String ARTEMIS = "org.apache.activemq..";

    private static final DescribedPredicate<JavaClass> OUTSIDE = not(resideInAPackage("org.rowmill.."));

    @ArchTest
    static final ArchRule tablesNeedTheJdkOnly = classes()
            .that()
            .resideInAPackage(TABLE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(TABLE, "java..", "org.jspecify..", ""));

    @ArchTest
    static final ArchRule schemasNeedsTablesOnly = needsOnly(SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule brokerNeedsSchemasOnly = needsOnly(BROKER, SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule consumerNeedsSchemasOnly = needsOnly(CONSUMER, SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule mounterNeedsSchemasOnly = needsOnly(MOUNTER, SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule storeNeedsSchemasOnly = needsOnly(STORE, SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule onlyMounterSshKnowsJsch = onlyIn("com.jcraft.jsch..", "org.rowmill.mounter.ssh..");

    @ArchTest
    static final ArchRule onlyTheStoreKnowsParquet = onlyIn("org.apache.parquet..", STORE);

    @ArchTest
    static final ArchRule onlyTheProtocolKnowsCbor =
            onlyIn("com.fasterxml.jackson.dataformat.cbor..", "org.rowmill.schemas.protocol");

    /** The main class of consumer.jar has options, too. */
    @ArchTest
    static final ArchRule onlyCommandLinesKnowPicocli =
            onlyIn("picocli..", "org.rowmill.producer.cli..", "org.rowmill.consumer.process");

    @ArchTest
    static final ArchRule producerNeverNeedsTheConsumer = needsOnly(PRODUCER, BROKER, MOUNTER, STORE, SCHEMAS, TABLE);

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("org.rowmill.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule classesAreFreeOfCycles =
            slices().assignedFrom(TopLevelClass.INSTANCE).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyBrokerAndConnectionsKnowArtemis = noClasses()
            .that()
            .resideOutsideOfPackages(BROKER, "org.rowmill.consumer.connection", "org.rowmill.schemas.tls")
            .should()
            .dependOnClassesThat(resideInAPackage(ARTEMIS));

    @ArchTest
    static final ArchRule onlyTheBrokerKnowsArtemisServer = onlyIn("org.apache.activemq.artemis.core.server..", BROKER);

    @ArchTest
    static final ArchRule decisionsAboutRowsHaveNoThreadsMessagesFilesOrClock = noClasses()
            .that()
            .resideInAPackage(INFLIGHT)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "jakarta.jms..", "java.io..", "java.nio..", "java.util.concurrent..", "org.slf4j.."))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule onlyTableIsThereToBeExtended = classes()
            .that()
            .areTopLevelClasses()
            .or()
            .areMemberClasses()
            .should(ArchCondition.from(closedToSubclasses()));

    @ArchTest
    static final ArchRule onlyAMainEndsTheJvm = noClasses()
            .that(haveNoMain())
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class);

    /** A {@code PrintStream} hides the error of a write; {@code ResultOutput} below it remembers the error. */
    @ArchTest
    static final ArchRule resultsGoThroughOneStreamThatRemembersErrors = noClasses()
            .that()
            .resideInAPackage("org.rowmill..")
            .and()
            .resideOutsideOfPackages(CONSUMER, "org.rowmill.producer.console")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(FileDescriptor.class, "out")
            .orShould()
            .accessField(FileDescriptor.class, "err")
            .orShould()
            .callConstructorWhere(JavaCall.Predicates.target(
                    HasOwner.Predicates.With.owner(JavaClass.Predicates.assignableTo(PrintStream.class))));

    @ArchTest
    static final ArchRule nobodyReadsSerializedObjects =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    /** A locale with a decimal comma, or without the dotted i, never changes what Rowmill writes or parses. */
    @ArchTest
    static final ArchRule textsDoNotDependOnTheLocale = noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(PrintStream.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(PrintStream.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
            .orShould()
            .callConstructor(DecimalFormat.class, String.class)
            .orShould()
            .callConstructor(Scanner.class, InputStream.class)
            .orShould()
            .callMethod(DateTimeFormatter.class, "ofPattern", String.class);

    /** NullAway checks no other packages. */
    @ArchTest
    static final ArchRule packagesAreNullMarked = classes()
            .should(ArchCondition.from(describe(
                    "be in a package that is @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))));

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that()
                .resideInAPackage("org.rowmill..")
                .and()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat(resideInAPackage(library));
    }

    private static ArchRule needsOnly(String module, String... others) {
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage(module).or(resideInAnyPackage(others)).or(OUTSIDE));
    }

    /** ArchUnit's model does not contain sealed classes, so this loads the class. */
    private static DescribedPredicate<JavaClass> closedToSubclasses() {
        return describe(
                "be final, sealed, abstract or an interface",
                type -> type.getModifiers().contains(JavaModifier.FINAL)
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || type.reflect().isSealed()
                        || type.isEnum());
    }

    private static DescribedPredicate<JavaClass> haveNoMain() {
        return describe(
                "have no main",
                type -> type.tryGetMethod("main", String[].class).isEmpty());
    }
}
