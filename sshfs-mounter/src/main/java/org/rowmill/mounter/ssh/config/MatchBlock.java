package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rowmill.schemas.LocalCommand;

/** The conditions of {@code Match} blocks, for one host and one pass over the files. */
final class MatchBlock {

    private static final Duration EXEC_LIMIT = Duration.ofSeconds(10);

    private final HostQuery query;
    private final GivenOptions given;
    private final boolean lastPass;
    private boolean needsLastPass;

    MatchBlock(HostQuery query, GivenOptions given, boolean lastPass) {
        this.query = query;
        this.given = given;
        this.lastPass = lastPass;
    }

    /** Returns whether a block has asked for a pass after all options are known. */
    boolean needsLastPass() {
        return needsLastPass;
    }

    /**
     * Returns whether all conditions hold.
     *
     * @throws IOException if there is a condition that only OpenSSH understands: to ignore it could lead to another
     *     user's login
     */
    boolean holds(List<String> conditions) throws IOException {
        boolean all = true;
        for (int i = 0; i < conditions.size(); i++) {
            String word = conditions.get(i);
            boolean negated = word.startsWith("!");
            String name = (negated ? word.substring(1) : word).toLowerCase(Locale.ROOT);
            boolean holds = switch (name) {
                case "all" -> true;
                case "canonical" -> false;
                case "final" -> isLastPass();
                default -> {
                    i++;
                    // A command is run only if everything before it holds.
                    yield i < conditions.size() && all && holds(name, conditions.get(i));
                }
            };
            all &= holds != negated;
        }
        return all;
    }

    private boolean isLastPass() {
        needsLastPass = true;
        return lastPass;
    }

    private boolean holds(String condition, String value) throws IOException {
        return switch (condition) {
            case "host" -> matches(value, given.host());
            case "originalhost" -> matches(value, query.alias());
            case "user" -> matches(value, given.user());
            case "localuser" -> matches(value, System.getProperty("user.name"));
            case "exec" -> succeeds(value);
            default ->
                throw new IOException("Match has the condition '" + condition + "', which needs the program ssh");
        };
    }

    private static boolean matches(String patterns, String name) {
        return NamePatterns.match(Arrays.asList(patterns.split(",")), name);
    }

    private boolean succeeds(String command) throws IOException {
        String expanded = command.replace("%h", given.host())
                .replace("%n", query.alias())
                .replace("%r", given.user())
                .replace("%u", System.getProperty("user.name"))
                .replace("%%", "%");
        return LocalCommand.run(List.of("/bin/sh", "-c", expanded), EXEC_LIMIT).exitCode() == 0;
    }
}
