package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * The errors of a compilation, with what to do if they have a cause that the compiler does not know: sources of a newer
 * Java, or a class in a directory that contains no sources.
 *
 * @param javac the compiler
 * @param sources what it compiled
 * @param release for which Java
 */
record CompileErrors(Javac javac, ProjectSources sources, int release) {

    /** The long-term support release after the oldest supported Java. */
    private static final int NEXT_RELEASE = 21;

    private static final Pattern MISSING_CLASS = Pattern.compile("symbol: +(?:class|variable) (\\w+)");
    private static final Pattern MISSING_PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");

    /** Returns the messages of the errors, and a last one if their cause is known. */
    List<String> texts(List<Diagnostic<? extends JavaFileObject>> errors) throws IOException {
        List<String> texts = new ArrayList<>(errors.stream().map(javac::text).toList());
        Optional<String> hint = leftOut(texts);
        (hint.isPresent() ? hint : newer()).ifPresent(texts::add);
        return texts;
    }

    private Optional<String> leftOut(List<String> texts) throws IOException {
        LeftOutSources others = LeftOutSources.of(sources);
        return others.files().stream()
                .filter(other -> texts.stream().anyMatch(text -> names(text, LeftOutSources.type(other), other)))
                .findFirst()
                .map(others::text);
    }

    private static boolean names(String text, String type, Path file) {
        Matcher missing = MISSING_CLASS.matcher(text);
        if (missing.find() && missing.group(1).equals(type)) {
            return true;
        }
        Matcher missingPackage = MISSING_PACKAGE.matcher(text);
        return missingPackage.find()
                && PackageLine.of(file).filter(missingPackage.group(1)::equals).isPresent();
    }

    /** Compiles once more for newer Java: language and library of a newer Java cause various errors. */
    private Optional<String> newer() throws IOException {
        int own = Runtime.version().feature();
        for (int candidate : new int[] {NEXT_RELEASE, own}) {
            if (candidate > release
                    && candidate <= own
                    && javac.compile(sources.files(), candidate).errors().isEmpty()) {
                return Optional.of("these sources need a newer Java than " + release + "; they compile with --release "
                        + candidate + " (release=" + candidate
                        + " in rowmill.properties). Nodes with an older Java then"
                        + " get the Java of the head");
            }
        }
        return Optional.empty();
    }
}
