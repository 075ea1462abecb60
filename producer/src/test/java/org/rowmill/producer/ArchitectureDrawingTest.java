package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that the arrows in {@code docs/architecture.md} are the dependencies between packages, and that there are no others. */
@AnalyzeClasses(packages = "org.rowmill", importOptions = ArchitectureTest.NoTests.class)
final class ArchitectureDrawingTest {

    private static final String PREFIX = "org.rowmill.";
    private static final Pattern ARROW = Pattern.compile("(?m)^ +([a-z.]+) --> ([a-z.]+)$");

    /** A dependency of a package on another package. */
    private record Arrow(String from, String to) implements Comparable<Arrow> {
        @Override
        public int compareTo(Arrow other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return from + " --> " + to;
        }
    }

    @ArchTest
    static void eachDependencyFollowsFromTheArrows(JavaClasses classes) throws IOException {
        Set<Arrow> undrawn = dependencies(classes);
        undrawn.removeAll(closure(drawn()));

        assertThat(undrawn).as("dependencies that follow from no arrow of the drawing").isEmpty();
    }

    @ArchTest
    static void eachArrowIsADependency(JavaClasses classes) throws IOException {
        Set<Arrow> untrue = drawn();
        untrue.removeAll(dependencies(classes));

        assertThat(untrue).as("arrows of the drawing that are no dependency").isEmpty();
    }

    private static Set<Arrow> drawn() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        return ARROW.matcher(page)
                .results()
                .map(arrow -> new Arrow(arrow.group(1), arrow.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Arrow> closure(Set<Arrow> arrows) {
        Set<Arrow> all = new TreeSet<>(arrows);
        int size;
        do {
            size = all.size();
            for (Arrow first : Set.copyOf(all)) {
                for (Arrow second : arrows) {
                    if (first.to().equals(second.from())) {
                        all.add(new Arrow(first.from(), second.to()));
                    }
                }
            }
        } while (all.size() > size);
        return all;
    }

    private static Set<Arrow> dependencies(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isOurs(dependency.getTargetClass()) && isOurs(dependency.getOriginClass()))
                .map(ArchitectureDrawingTest::arrow)
                .filter(arrow -> !arrow.from().equals(arrow.to()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Arrow arrow(Dependency dependency) {
        return new Arrow(name(dependency.getOriginClass()), name(dependency.getTargetClass()));
    }

    private static boolean isOurs(JavaClass type) {
        return type.getBaseComponentType().getPackageName().startsWith(PREFIX);
    }

    private static String name(JavaClass type) {
        return type.getBaseComponentType().getPackageName().substring(PREFIX.length());
    }
}
