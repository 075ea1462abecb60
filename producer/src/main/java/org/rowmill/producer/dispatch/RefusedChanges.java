package org.rowmill.producer.dispatch;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The paths of the project that nodes have tried to change through their mounts, although they may only read them. A
 * row that fails for this reason sees only "Permission denied"; its failure is completed here. Thread-safe.
 */
public final class RefusedChanges {

    /** For each node; a row fails soon after the change that was refused. */
    private static final int PATHS_KEPT = 200;

    /** How Java and C libraries call this error. */
    private static final Pattern DENIED = Pattern.compile("[Pp]ermission denied|AccessDenied|EACCES");

    private final Map<String, Set<String>> paths = new HashMap<>();

    /** Creates an empty set. */
    public RefusedChanges() {}

    /**
     * Adds a path.
     *
     * @param node which tried to change it
     * @param path relative to the project
     * @return whether the path is new for the node
     */
    public synchronized boolean add(String node, String path) {
        Set<String> ofNode = paths.computeIfAbsent(node, name -> new LinkedHashSet<>());
        if (ofNode.size() >= PATHS_KEPT && !ofNode.contains(path)) {
            ofNode.remove(ofNode.iterator().next());
        }
        return ofNode.add(path);
    }

    /** Returns the sentences that explain to the user why a path cannot be changed, and how it can. */
    public static String explanation(String path) {
        return path + " is read-only for nodes, because the head executes or trusts it. To let rows on nodes change it:"
                + " --mount-writable " + path;
    }

    /** Returns the result; if a failure names a path that its node tried to change, with an explanation. */
    ResultMessage explained(ResultMessage result) {
        if (result.failures().isEmpty()) {
            return result;
        }
        List<String> refused = ofNode(result.node());
        return refused.isEmpty()
                ? result
                : result.with(
                        result.values(),
                        result.failures().stream()
                                .map(failure -> explained(failure, refused))
                                .toList());
    }

    private synchronized List<String> ofNode(String node) {
        return List.copyOf(paths.getOrDefault(node, Set.of()));
    }

    private static Failure explained(Failure failure, List<String> refused) {
        String text = text(failure);
        Optional<String> named = refused.stream().filter(text::contains).max(Comparator.comparing(String::length));
        return named.or(() -> namedByLastName(text, refused))
                .map(path -> new Failure(
                        failure.columns(),
                        failure.errorClass(),
                        failure.message() + (failure.message().isEmpty() ? "" : ". ") + explanation(path),
                        failure.stack(),
                        failure.isRetryable()))
                .orElse(failure);
    }

    /** Returns the messages of the exception and its causes, without the places in the code. */
    private static String text(Failure failure) {
        return failure.stack()
                .lines()
                .filter(line -> !line.stripLeading().startsWith("at "))
                .collect(Collectors.joining("\n", failure.errorClass() + ": " + failure.message() + "\n", ""));
    }

    /** A program in another directory prints the last name only. */
    private static Optional<String> namedByLastName(String text, List<String> refused) {
        return DENIED.matcher(text).find()
                ? refused.stream()
                        .filter(path -> text.contains(path.substring(path.lastIndexOf('/') + 1)))
                        .max(Comparator.comparing(String::length))
                : Optional.empty();
    }
}
